// A store grows without holes, on every way on which it grows. The storages of the tests refuse a write behind their end.

import RAM from 'random-access-memory'
import { expect, test } from 'vitest'
import { type Operation, RandomAccessKV, type RandomAccessStorage } from '../src/index.js'
import { assertSame, assertSound, contents, Model } from './support/model.js'
import { Bare, Bytes, Faulty, Late, Memory } from './support/storages.js'

const MiB = 1 << 20
const storages: Record<string, (bytes: Bytes) => RandomAccessStorage> = {
  'answers at once': (bytes) => new Memory(bytes),
  'answers late and in any order': (bytes) => new Late(bytes, 7),
  'cannot tell its length': (bytes) => new Bare(bytes),
}

function key(n: number): Buffer {
  return Buffer.from(`key ${String(n).padStart(6, '0')}`)
}

function puts(from: number, to: number, length: number): Operation[] {
  return Array.from({ length: to - from }, (_, i) => ({
    type: 'put',
    key: key(from + i),
    value: Buffer.alloc(length, from + i),
  }))
}

/** A store and the model of it. */
class Pair {
  readonly model = new Model()
  kv: RandomAccessKV
  readonly #open: () => RandomAccessKV

  constructor(open: () => RandomAccessKV) {
    this.#open = open
    this.kv = open()
  }

  async batch(operations: Operation[]): Promise<void> {
    this.model.apply(operations)
    await this.kv.batch(operations)
  }

  async reopen(): Promise<void> {
    await this.kv.close()
    this.kv = this.#open()
    await this.check('after reopening')
  }

  async check(what: string): Promise<void> {
    assertSame(await contents(this.kv), this.model.list(), what)
    await assertSound(this.kv, what)
  }
}

for (const [what, make] of Object.entries(storages)) {
  for (const pageSize of [512, 4096, 65_536]) {
    test(`a store with pages of ${pageSize} bytes leaves no hole in a storage that ${what}`, async () => {
      const bytes = new Bytes()
      const pair = new Pair(() => new RandomAccessKV(make(bytes), { pageSize, logSize: 200_000 }))
      // Nodes and log extents.
      for (let i = 0; i < 20; i++) await pair.batch(puts(i * 200, (i + 1) * 200, 90))
      // Values that go through the log, and larger ones side by side.
      await pair.batch(puts(0, 20, pageSize + 10))
      await Promise.all([pair.batch(puts(100, 130, 20_000)), pair.batch(puts(200, 203, MiB))])
      await pair.kv.checkpoint()
      await pair.check('after growing')
      await pair.reopen()
      // The file becomes shorter, and longer again.
      await pair.batch([{ type: 'clear', gte: key(100), lt: key(4000) }])
      await pair.kv.compact()
      await pair.batch(puts(5000, 5040, 30_000))
      await pair.reopen()
      await pair.kv.suspend()
      await pair.kv.resume()
      await pair.batch(puts(6000, 6010, 100_000))
      await pair.check('after the store was suspended')
      await pair.reopen()
      await pair.kv.close()
    })
  }
}

test('a write that fails behind the end leaves no hole', async () => {
  const storage = new Faulty(new Bytes(), null)
  const kv = new RandomAccessKV(storage)
  await kv.batch(puts(0, 10, 100))
  for (const kind of ['ENOSPC', 'short'] as const) {
    storage.fault = { at: storage.calls, kind, times: 1 }
    await expect(kv.batch(puts(10, 11, 100_000))).rejects.toMatchObject({ code: kind })
    await kv.batch(puts(20, 30, 50_000))
  }
  await kv.close()
})

test('a truncation that happened and reports an error leaves no hole', async () => {
  const storage = new Faulty(new Bytes(), null)
  const kv = new RandomAccessKV(storage)
  await kv.batch(puts(0, 50, 100_000))
  await kv.batch([{ type: 'clear' }])
  storage.failTruncate = true
  await kv.compact()
  storage.failTruncate = false
  await kv.batch(puts(0, 50, 100_000))
  await kv.close()
})

test('a store on RAM.reusable() is there each time it is reopened, after growing and shrinking', async () => {
  const make = RAM.reusable()
  const pair = new Pair(() => new RandomAccessKV(make, { logSize: 500_000 }))
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 3000; i++) await pair.batch(puts(i, i + 1, 200))
    await pair.batch(puts(10_000, 10_008, MiB))
    await pair.reopen()
    await pair.batch([{ type: 'clear', gte: key(1000) }])
    await pair.kv.compact()
    expect((await pair.kv.stats()).fileBytes, 'bytes of a store that was compacted').toBeLessThan(4 * MiB)
    await pair.reopen()
  }
  await pair.kv.close()
})
