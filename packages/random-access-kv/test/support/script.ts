// Random scripts for the model check: what fast-check draws, and how it is played against a store and the model.

import fc from 'fast-check'
import { type IteratorOptions, type Operation, RandomAccessKV, type Snapshot } from '../../src/index.js'
import { assertSame, assertSound, contents, Model, type Pair } from './model.js'
import { Bare, Bytes, Late, Memory, random } from './storages.js'

export type Command =
  | { readonly kind: 'batch'; readonly seed: number; readonly size: number; readonly spread: number }
  | { readonly kind: 'clear'; readonly seed: number; readonly spread: number }
  | { readonly kind: 'huge'; readonly seed: number }
  | { readonly kind: 'together'; readonly seed: number }
  | {
      readonly kind: 'snapshot' | 'release' | 'walk' | 'step' | 'checkpoint' | 'compact' | 'reopen' | 'crash'
      readonly seed: number
    }

export interface Script {
  readonly pageSize: number
  readonly storage: 'memory' | 'late' | 'bare'
  readonly cacheSize: number
  readonly logSize: number
  readonly keys: 'short' | 'long' | 'mixed'
  readonly commands: readonly Command[]
}

const seed = fc.integer({ min: 0, max: 0x7fff_ffff })
const spread = fc.constantFrom(20, 200, 2000)
const plain = (
  kind: 'snapshot' | 'release' | 'walk' | 'step' | 'checkpoint' | 'compact' | 'reopen' | 'crash',
) => fc.record({ kind: fc.constant(kind), seed })

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 16,
    arbitrary: fc.record({
      kind: fc.constant('batch' as const),
      seed,
      size: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 50, max: 400 })),
      spread,
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('clear' as const), seed, spread }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('together' as const), seed }) },
  { weight: 2, arbitrary: plain('snapshot') },
  { weight: 1, arbitrary: plain('release') },
  { weight: 2, arbitrary: plain('walk') },
  { weight: 3, arbitrary: plain('step') },
  { weight: 3, arbitrary: plain('checkpoint') },
  { weight: 2, arbitrary: plain('compact') },
  { weight: 2, arbitrary: plain('reopen') },
  { weight: 1, arbitrary: plain('crash') },
)

export const script: fc.Arbitrary<Script> = fc.record({
  pageSize: fc.constantFrom(512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536),
  storage: fc.constantFrom('memory', 'memory', 'late', 'bare'),
  cacheSize: fc.constantFrom(0, 20_000, 1_000_000),
  logSize: fc.constantFrom(1000, 20_000, 1_000_000),
  keys: fc.constantFrom('short', 'long', 'mixed'),
  commands: fc.array(command, { minLength: 3, maxLength: 24 }),
})

/** Like `script`, with values of up to 20 MB among the others. */
export const hugeScript: fc.Arbitrary<Script> = script.chain((drawn) =>
  fc
    .array(fc.record({ kind: fc.constant('huge' as const), seed }), { minLength: 1, maxLength: 2 })
    .map((huge) => ({
      ...drawn,
      commands: [...drawn.commands.slice(0, 8), ...huge, ...drawn.commands.slice(8)],
    })),
)

function randomKey(next: () => number, kind: Script['keys'], space: number): Uint8Array {
  const n = Math.floor(next() * space)
  const draw = next()
  if (n === 0) return new Uint8Array(0)
  const isLong = kind === 'long' ? draw < 0.5 : kind === 'mixed' && draw < 0.05
  if (isLong) return Buffer.concat([Buffer.alloc(Math.floor(next() * 1020), n % 3), u32(n)])
  if (draw < 0.1) return Uint8Array.from([n % 3, 255, n % 2])
  return u32(n)
}

function u32(n: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(n)
  return bytes
}

function randomValue(next: () => number, pageSize: number): Uint8Array {
  const draw = next()
  const length =
    draw < 0.1
      ? 0
      : draw < 0.93
        ? Math.floor(next() * 120)
        : Math.floor(next() * Math.min(pageSize * 3, 30_000))
  return Buffer.alloc(length, Math.floor(next() * 256))
}

function randomRange(next: () => number, kind: Script['keys'], space: number): IteratorOptions {
  const [a, b] = [randomKey(next, kind, space), randomKey(next, kind, space)].sort(Buffer.compare)
  const [low, high] = [next(), next()]
  return {
    ...(low < 0.45 ? { gte: a } : low < 0.9 ? { gt: a } : {}),
    ...(high < 0.45 ? { lt: b } : high < 0.9 ? { lte: b } : {}),
  }
}

/** Plays a script against a store and the model. Throws where they differ. */
export class Player {
  readonly #script: Script
  #bytes = new Bytes()
  readonly #model = new Model()
  readonly #snapshots: [Snapshot, Model][] = []
  readonly #walks: [ReturnType<RandomAccessKV['iterator']>, Pair[]][] = []
  #kv: RandomAccessKV

  constructor(drawn: Script) {
    this.#script = drawn
    this.#kv = this.#open()
  }

  #open(): RandomAccessKV {
    const { storage, pageSize, cacheSize, logSize } = this.#script
    const instance =
      storage === 'late'
        ? new Late(this.#bytes, 1)
        : storage === 'bare'
          ? new Bare(this.#bytes)
          : new Memory(this.#bytes)
    return new RandomAccessKV(instance, { pageSize, cacheSize, logSize })
  }

  async play(): Promise<void> {
    for (const [i, next] of this.#script.commands.entries()) {
      const what = `after command ${i} (${next.kind})`
      await this.#run(next)
      await assertSound(this.#kv, what)
      assertSame(await contents(this.#kv), this.#model.list(), what)
    }
    for (const [snapshot, model] of this.#snapshots)
      assertSame(await contents(snapshot), model.list(), 'a snapshot')
    await this.#finish()
    await this.#kv.close()
    this.#kv = this.#open()
    assertSame(await contents(this.#kv), this.#model.list(), 'at the end')
    await assertSound(this.#kv, 'at the end')
    await this.#kv.close()
  }

  async #finish(): Promise<void> {
    for (const [snapshot] of this.#snapshots.splice(0)) await snapshot.close()
    for (const [walk, rest] of this.#walks.splice(0)) {
      const left = await walk.nextMany(rest.length + 1)
      assertSame(
        left.map(({ key, value }) => [key, value]),
        rest,
        'an iterator',
      )
      await walk.close()
    }
  }

  async #run(next: Command): Promise<void> {
    const draw = random(next.seed)
    const { keys, pageSize } = this.#script
    switch (next.kind) {
      case 'batch':
        return this.#commit(this.#operations(draw, next.size, next.spread))
      case 'clear':
        return this.#commit([{ type: 'clear', ...randomRange(draw, keys, next.spread) }])
      case 'huge': {
        const value = Buffer.alloc(Math.floor(draw() * 20_000_000), 7)
        value[value.length >>> 1] = 1
        return this.#commit([{ type: 'put', key: randomKey(draw, keys, 20), value }])
      }
      case 'together': {
        const batches = Array.from({ length: 5 }, () => this.#operations(draw, 4, 50))
        for (const batch of batches) this.#model.apply(batch)
        await Promise.all(batches.map((batch) => this.#kv.batch(batch)))
        return
      }
      case 'snapshot':
        this.#snapshots.push([this.#kv.snapshot(), this.#model.copy()])
        return
      case 'release': {
        const [taken] = this.#snapshots.splice(Math.floor(draw() * this.#snapshots.length), 1)
        return taken?.[0].close()
      }
      case 'walk': {
        const options = {
          ...randomRange(draw, keys, 500),
          reverse: draw() < 0.5,
          limit: draw() < 0.3 ? 10 : -1,
        }
        assertSame(await contents(this.#kv, options), this.#model.list(options), 'a range')
        this.#walks.push([this.#kv.iterator(options), this.#model.list(options)])
        return
      }
      case 'step':
        return this.#step(draw)
      case 'checkpoint':
        // Commits go on while it is written.
        await Promise.all([
          this.#kv.checkpoint(),
          this.#commit(this.#operations(draw, 3, 100)),
          this.#commit([
            { type: 'put', key: randomKey(draw, keys, 20), value: Buffer.alloc(pageSize * 2, 3) },
          ]),
        ])
        return
      case 'compact':
        await Promise.all([
          this.#kv.compact(),
          this.#commit(this.#operations(draw, 3, 100)),
          this.#commit(this.#operations(draw, 30, 2000)),
        ])
        return
      case 'reopen':
        await this.#finish()
        await this.#kv.close()
        this.#kv = this.#open()
        return
      case 'crash':
        // The process is gone: nothing is closed, what was acknowledged is there, the rest never happens.
        await this.#finish()
        this.#bytes = Bytes.from(this.#bytes.copy())
        this.#kv = this.#open()
        return
    }
  }

  #operations(draw: () => number, size: number, space: number): Operation[] {
    const { keys, pageSize } = this.#script
    return Array.from({ length: size }, () => {
      const kind = draw()
      const key = randomKey(draw, keys, space)
      if (kind < 0.7) return { type: 'put', key, value: randomValue(draw, pageSize) }
      if (kind < 0.97) return { type: 'del', key }
      return { type: 'clear', ...randomRange(draw, keys, space) }
    })
  }

  async #commit(operations: Operation[]): Promise<void> {
    this.#model.apply(operations)
    await this.#kv.batch(operations)
  }

  async #step(draw: () => number): Promise<void> {
    const [snapshot, model] = this.#snapshots[Math.floor(draw() * this.#snapshots.length)] ?? [
      this.#kv,
      this.#model,
    ]
    for (let i = 0; i < 10; i++) {
      const key = randomKey(draw, this.#script.keys, 200)
      const [actual, expected] = [await snapshot.get(key), model.get(key)]
      const tried = snapshot.tryGet(key)
      const isSame =
        (actual === null) === (expected === null) && Buffer.compare(actual ?? key, expected ?? key) === 0
      if (!isSame) throw new Error(`get gave ${actual?.length} bytes, expected ${expected?.length}`)
      if (tried !== undefined && Buffer.compare(tried ?? key, actual ?? key) !== 0)
        throw new Error('tryGet differs')
    }
    const walk = this.#walks[Math.floor(draw() * this.#walks.length)]
    if (walk === undefined) return
    const [iterator, rest] = walk
    const entries = await iterator.nextMany(5)
    assertSame(
      entries.map(({ key, value }) => [key, value]),
      rest.splice(0, 5),
      'an iterator',
    )
  }
}
