// Opening a store with a long log: its changes are sorted, and their leaves are made when they are needed. Whatever is in the log, the store
// has what it had when it was left.

import { describe, expect, test, vi } from 'vitest'
import { encodeChange, encodedLengthOf } from '../src/commit/operations.js'
import { type Operation, RandomAccessKV } from '../src/index.js'
import { Gathered } from '../src/log/gathered.js'
import { Sorting } from '../src/memtable/sorting.js'
import { assertSame, assertSound, contents, Model } from './support/model.js'
import { Bytes, Memory, random } from './support/storages.js'
import { turns } from './support/turns.js'

type Draw = () => number

const below = (draw: Draw, n: number) => Math.floor(draw() * n)

/** Keys of few different bytes: many are the same, or the start of another. The empty one is among them. */
const shortKey = (draw: Draw) =>
  Buffer.from(Array.from({ length: below(draw, 9) }, () => [0, 1, 127, 128, 255][below(draw, 5)] as number))

const KEYS: Readonly<Record<string, (draw: Draw) => Uint8Array>> = {
  'short keys': shortKey,
  'keys with the same start': (draw) => Buffer.concat([Buffer.alloc(40, 7), shortKey(draw)]),
  'keys of up to 4,096 bytes': (draw) =>
    Buffer.concat([Buffer.alloc(4088 - below(draw, 3), 7), shortKey(draw)]),
  'keys of several lengths': (draw) => Buffer.from(String(below(draw, 3000)).repeat(1 + below(draw, 3))),
  'a few keys that change again and again': (draw) => Buffer.from(`the key ${below(draw, 20)}`),
}

function drawValue(draw: Draw): Uint8Array {
  const drawn = draw()
  const most = drawn < 0.9 ? 60 : drawn < 0.97 ? 3000 : 12_000
  return Buffer.alloc(below(draw, most), below(draw, 256))
}

function operation(draw: Draw, key: (draw: Draw) => Uint8Array, clears: number): Operation {
  const drawn = draw()
  if (drawn < clears) return { type: 'clear', gte: key(draw), lt: key(draw) }
  if (drawn < 0.2) return { type: 'del', key: key(draw) }
  return { type: 'put', key: key(draw), value: drawValue(draw) }
}

/** A store as it is when its process has been killed. */
const killed = (storage: Memory) => new Memory(Bytes.from(storage.bytes.copy()))

async function assertHas(kv: RandomAccessKV, model: Model, what: string): Promise<void> {
  for (const reverse of [false, true]) {
    assertSame(
      await contents(kv, { reverse }),
      model.list({ reverse }),
      `${what}, ${reverse ? 'backwards' : 'forwards'}`,
    )
  }
}

describe.each(Object.entries(KEYS))('a log with %s', (_, key) => {
  test.each([
    [512, 0, 1],
    [4096, 0, 2],
    [65_536, 0, 3],
    [512, 0.02, 4],
    [4096, 0.002, 5],
    [4096, 0.3, 6],
  ])(
    'is what the store had: pages of %i bytes, one of its changes in %f clears a range',
    async (pageSize, clears, seed) => {
      const draw = random(seed)
      const model = new Model()
      const storage = new Memory()
      const kv = new RandomAccessKV(storage, { pageSize })
      const commit = async (to: RandomAccessKV, count: number, most: number) => {
        for (let i = 0; i < count; i++) {
          const batch = Array.from({ length: 1 + below(draw, most) }, () => operation(draw, key, clears))
          await to.batch(batch)
          model.apply(batch)
        }
      }
      await commit(kv, 10, 20)
      await kv.checkpoint()
      await commit(kv, 60, 20)

      for (const what of [
        'read at once',
        'read by key',
        'changed first',
        'closed at once',
        'checked at once',
      ]) {
        const left = killed(storage)
        const again = new RandomAccessKV(left)
        const before = model.copy()
        if (what === 'read by key') {
          for (const [key, value] of before.list().reverse()) expect(await again.get(key)).toEqual(value)
          expect(await again.get(Buffer.from('no such key'))).toBeNull()
        } else if (what === 'changed first') {
          const snapshot = again.snapshot()
          const added: Operation[] = Array.from({ length: 40 }, () => operation(draw, key, 0.1))
          const after = before.copy()
          await again.batch(added)
          after.apply(added)
          await assertHas(again, after, what)
          assertSame(await contents(snapshot), before.list(), 'the snapshot')
          await again.checkpoint()
          await assertHas(again, after, what)
          assertSame(await contents(snapshot), before.list(), 'the snapshot')
          await snapshot.close()
          await assertSound(again, what)
          await again.close()
          await assertHas(new RandomAccessKV(left), after, `${what}, and opened again`)
          continue
        } else if (what === 'checked at once') await assertSound(again, what)
        else if (what === 'closed at once') {
          await again.close()
          const third = new RandomAccessKV(left)
          await assertHas(third, before, what)
          await assertSound(third, what)
          continue
        }
        await assertHas(again, before, what)
        await assertSound(again, what)
        await again.close()
      }
      await kv.close()
    },
  )
})

test('a store that is left again and again right after it was opened has everything, and gives back every page', async () => {
  const draw = random(9)
  const model = new Model()
  let storage = new Memory()
  for (let round = 0; round < 20; round++) {
    const kv = new RandomAccessKV(storage, { pageSize: 512, logSize: 20_000 })
    const batch = Array.from({ length: 60 }, () =>
      operation(draw, KEYS['keys of several lengths'] as never, 0.01),
    )
    await kv.batch(batch)
    model.apply(batch)
    await assertHas(kv, model, `round ${round}`)
    await assertSound(kv, `round ${round}`)
    storage = killed(storage)
  }
})

test('a log with more cleared ranges than are taken at once', async () => {
  const draw = random(10)
  const model = new Model()
  const storage = new Memory()
  const kv = new RandomAccessKV(storage)
  const key = () => Buffer.from(String(below(draw, 1000)))
  for (let i = 0; i < 21; i++) {
    const batch = Array.from({ length: 1000 }, () => operation(draw, key, 0.6))
    await kv.batch(batch)
    model.apply(batch)
  }
  const again = new RandomAccessKV(killed(storage))
  await assertHas(again, model, 'again')
  await assertSound(again, 'again')
  await again.close()
  await kv.close()
})

test('leaves that nobody needs are not made', async () => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage)
  const key = (i: number) => Buffer.from(`key ${String(i).padStart(6, '0')}`)
  const value = Buffer.alloc(100, 1)
  for (let i = 0; i < 20_000; i += 100) {
    await kv.batch(
      Array.from({ length: 100 }, (_, j) => ({ type: 'put', key: key(((i + j) * 7919) % 20_000), value })),
    )
  }
  const again = new RandomAccessKV(killed(storage))
  await again.ready()
  const { dirtyBytes, logBytes } = await again.stats()
  expect(dirtyBytes).toBeLessThan(logBytes * 1.1)
  expect(await again.get(key(5))).toEqual(value)
  expect((await again.stats()).dirtyBytes - dirtyBytes).toBeLessThanOrEqual(4096)
  for (let i = 0; i < 20_000; i++) await again.get(key(i))
  const made = await again.stats()
  expect(made.dirtyBytes).toBeGreaterThan(20_000 * 100)
  // Nor is what they were made of kept.
  expect(made.dirtyBytes).toBeLessThan(logBytes * 1.2)
  await again.close()
  await kv.close()
})

describe('sorting', () => {
  const puts = (keys: readonly Uint8Array[]): Uint8Array => {
    const changes = keys.map((key, i) => ({ kind: 'put', key, value: Buffer.from(String(i)) }) as const)
    const bytes = new Uint8Array(changes.reduce((sum, change) => sum + encodedLengthOf(change), 0))
    changes.reduce((o, change) => encodeChange(change, bytes, o), 0)
    return bytes
  }

  /** The places of the last change of each key. */
  function expected(keys: readonly Uint8Array[]): number[] {
    const last = new Map(keys.map((key, i) => [Buffer.from(key).toString('hex'), i]))
    return [...last.values()].sort((a, b) => Buffer.compare(keys[a] as Uint8Array, keys[b] as Uint8Array))
  }

  const sorted = async (keys: readonly Uint8Array[]) => {
    const sorting = await Sorting.from(puts(keys), 0)
    return [...(await sorting.places())]
  }

  test.each(Object.entries(KEYS))('%s', async (_, key) => {
    const draw = random(11)
    for (const count of [1, 2, 17, 300, 5000]) {
      const keys = Array.from({ length: count }, () => key(draw))
      expect(await sorted(keys)).toEqual(expected(keys))
    }
  })

  test('more changes than are sorted at once, and a limit to how many are sorted together', async () => {
    const key = (i: number) => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(Math.imul(i, 0x9e3779b1) >>> 0)
      return bytes
    }
    const count = 1_100_000
    const bytes = puts(Array.from({ length: count }, (_, i) => key(i)))
    const sorting = await Sorting.from(bytes, 0)
    expect(sorting.offsets.length).toBe(1 << 20)
    const places = await sorting.places()
    expect(places.length).toBe(1 << 20)
    const numbers = Array.from(places, (place) => key(place).readUInt32BE())
    expect(numbers.every((number, i) => i === 0 || number > (numbers[i - 1] as number))).toBe(true)
    expect((await Sorting.from(bytes, sorting.end)).offsets.length).toBe(count - (1 << 20))
  })

  test('the event loop turns meanwhile', async () => {
    const draw = random(12)
    const bytes = puts(Array.from({ length: 300_000 }, () => Buffer.from(String(draw()))))
    let time = performance.now()
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => time++)
    expect(await turns(async () => (await Sorting.from(bytes, 0)).places())).toBeGreaterThan(10)
    clock.mockRestore()
  })
})

test('payloads are gathered in pieces, in order, and what was not kept is not among them', () => {
  const gathered = new Gathered()
  const kept: number[] = []
  for (let i = 0; i < 200; i++) {
    const size = i === 150 ? 40_000_000 : 400_000
    gathered.take(size + 4).fill(i)
    if (i % 7 === 0) continue
    gathered.keep(size)
    kept.push(i)
  }
  const pieces = gathered.finish()
  expect(pieces.length).toBeGreaterThan(1)
  const found: number[] = []
  for (const piece of pieces) {
    for (let o = 0; o < piece.length; ) {
      const i = piece[o] as number
      const size = i === 150 ? 40_000_000 : 400_000
      expect(piece[o + size - 1]).toBe(i)
      found.push(i)
      o += size
    }
  }
  expect(found).toEqual(kept)
})
