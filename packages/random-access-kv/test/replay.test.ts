// Opening a store with a long log: its changes are sorted, and their leaves are made when they are needed. Whatever is in the log, the store
// has what it had when it was left.

import { describe, expect, test, vi } from 'vitest'
import { type Change, encodeChange, encodedLengthOf } from '../src/commit/changes.js'
import { type Operation, RandomAccessKV } from '../src/index.js'
import { Gathered } from '../src/log/gathered.js'
import { Sorting } from '../src/memtable/sorting.js'
import { assertSame, assertSound, contents, Model } from './support/model.js'
import { Bytes, Counting, Memory, random } from './support/storages.js'
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
  expect(dirtyBytes).toBeGreaterThan(logBytes * 0.9)
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

function encoded(changes: readonly Change[]): Uint8Array {
  const bytes = new Uint8Array(changes.reduce((sum, change) => sum + encodedLengthOf(change), 0))
  changes.reduce((o, change) => encodeChange(change, bytes, o), 0)
  return bytes
}

/** The processor time of something, and of its longest turn of the event loop, in milliseconds. Unlike the time of day, it does not depend on other programs. */
async function cost(run: () => Promise<unknown>): Promise<{ all: number; longest: number }> {
  const now = () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  }
  const start = now()
  let last = start
  let longest = 0
  const look = () => {
    longest = Math.max(longest, now() - last)
    last = now()
  }
  let isRunning = true
  const turn = () => {
    look()
    if (isRunning) setImmediate(turn)
  }
  setImmediate(turn)
  await run()
  isRunning = false
  look()
  return { all: now() - start, longest }
}

/** The least cost of three times: the engine's own threads, which collect and compile, add to some of them. */
async function leastCost(run: () => Promise<unknown>): Promise<{ all: number; longest: number }> {
  const costs = [await cost(run), await cost(run), await cost(run)]
  return {
    all: Math.min(...costs.map(({ all }) => all)),
    longest: Math.min(...costs.map(({ longest }) => longest)),
  }
}

const number = (n: number, length = 4): Buffer => {
  const bytes = Buffer.alloc(length, 5)
  bytes.writeUInt32BE(n, length - 4)
  return bytes
}

describe('sorting', () => {
  const puts = (keys: readonly Uint8Array[]) =>
    encoded(keys.map((key, i) => ({ kind: 'put', key, value: Buffer.from(String(i)) })))

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

  test('changes before and after ranges that were cleared, as one looks at each', async () => {
    const draw = random(13)
    for (let round = 0; round < 60; round++) {
      const changes = Array.from({ length: 1 + below(draw, 120) }, (): Change => {
        const key = shortKey(draw)
        const drawn = draw()
        if (drawn < 0.3) return { kind: 'clear', start: key, end: drawn < 0.03 ? null : shortKey(draw) }
        return drawn < 0.4 ? { kind: 'del', key } : { kind: 'put', key, value: new Uint8Array(1) }
      })
      const counts = changes.flatMap((change, place) => {
        if (change.kind === 'clear') return []
        const isReplaced = changes.slice(place + 1).some((later) => {
          if (later.kind !== 'clear') return Buffer.compare(later.key, change.key) === 0
          const { start, end } = later
          return (
            Buffer.compare(start, change.key) <= 0 && (end === null || Buffer.compare(end, change.key) > 0)
          )
        })
        return isReplaced ? [] : [{ place, key: change.key }]
      })
      counts.sort((a, b) => Buffer.compare(a.key, b.key))
      const sorting = await Sorting.from(encoded(changes), 0)
      expect([...(await sorting.places())]).toEqual(counts.map(({ place }) => place))
    }
  })

  test('10,000 ranges, each a little before the one that was cleared before it', async () => {
    const ranges = (of: (i: number) => number) =>
      encoded(
        Array.from({ length: 10_000 }, (_, i): Change[] => [
          { kind: 'put', key: number(1_000_000 + (i % 100)), value: number(1) },
          { kind: 'clear', start: number(of(i)), end: number(3_000_000 + of(i)) },
        ]).flat(),
      )
    const up = await Sorting.from(
      ranges((i) => i),
      0,
    )
    const down = await Sorting.from(
      ranges((i) => 10_000 - i),
      0,
    )
    await up.places()
    const one = await cost(() => up.places())
    const other = await leastCost(() => down.places())
    expect(other.all).toBeLessThan(50 + one.all * 20)
  })

  test('long keys with the same start, and others that leave it at every fifth byte', async () => {
    const keys = Array.from({ length: 2000 }, (_, i) => number(i, 4096))
    const stairs = Array.from({ length: 819 }, (_, i) => Buffer.alloc(5 * i + 1, 5).fill(4, 5 * i))
    const [one, other] = [
      await Sorting.from(puts(keys), 0),
      await Sorting.from(puts([...keys, ...stairs]), 0),
    ]
    const without = await cost(() => one.places())
    const all = await leastCost(() => other.places())
    expect(all.all).toBeLessThan(200 + without.all * 60)
    expect([...(await other.places())]).toEqual(expected([...keys, ...stairs]))
  })

  test('long keys that differ at their ends only do not keep the event loop from turning', async () => {
    const keys = Array.from({ length: 4096 }, (_, i) => {
      const key = Buffer.alloc(4096, 5)
      key.writeUInt16BE(i >>> 4, 3)
      key[4095] = 15 - (i & 15)
      return key
    })
    const sorting = await Sorting.from(puts(keys), 0)
    const { all, longest } = await leastCost(() => sorting.places())
    expect(longest).toBeLessThan(20 + all / 2)
    expect([...(await sorting.places())]).toEqual(expected(keys))
  })
})

test('a log whose ranges clear everything again and again is read in a time that grows with it', async () => {
  const logOf = async (rounds: number) => {
    const storage = new Memory()
    const kv = new RandomAccessKV(storage, { logSize: 1 << 30 })
    for (let i = 0; i < rounds; i++) {
      await kv.batch(
        Array.from({ length: 3000 }, (_, j): Operation[] => [
          { type: 'put', key: number(1_000_000 + (j % 100)), value: number(j) },
          { type: 'clear', gte: number(3000 - j), lt: number(3_000_000 - j) },
        ]).flat(),
      )
    }
    return storage
  }
  const opening = async (storage: Memory) => {
    const kv = new RandomAccessKV(killed(storage))
    const { all } = await cost(() => kv.ready())
    expect(await contents(kv)).toEqual([])
    await kv.close()
    return all
  }
  const [short, long] = [await logOf(1), await logOf(6)]
  await opening(short)
  const all = Math.min(await opening(long), await opening(long), await opening(long))
  expect(all).toBeLessThan(200 + (await opening(short)) * 30)
})

test('a range is cleared right after opening without making its leaves', async () => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage, { pageSize: 512 })
  const put = (i: number, size: number): Operation => ({
    type: 'put',
    key: number(i),
    value: Buffer.alloc(size, i),
  })
  await kv.batch(
    Array.from({ length: 20_000 }, (_, i) => put(i, i % 500 === 0 ? 3000 : i % 501 === 0 ? 9000 : 90)),
  )
  const again = new RandomAccessKV(killed(storage))
  const before = await contents(again.snapshot(), { gte: number(5), lt: number(8) })
  const { dirtyBytes } = await again.stats()
  const snapshot = again.snapshot()
  await again.batch([{ type: 'clear', gte: number(10), lt: number(19_000) }])
  expect((await again.stats()).dirtyBytes).toBeLessThan(dirtyBytes + 100_000)
  expect(await contents(again, { lt: number(19_000) })).toHaveLength(10)
  expect(await contents(snapshot, { gte: number(5), lt: number(8) })).toEqual(before)
  // The snapshot still sees what was cleared, and makes the leaves that it needs.
  expect(await contents(snapshot)).toHaveLength(20_000)
  await assertSound(again, 'while a snapshot sees it')
  await snapshot.close()
  await assertSound(again, 'afterwards')
  await again.checkpoint()
  await assertSound(again, 'after a checkpoint')
  expect(await contents(again, { lt: number(19_000) })).toHaveLength(10)
  await again.close()

  const third = new RandomAccessKV(killed(storage))
  await third.batch([{ type: 'clear' }])
  expect((await third.stats()).dirtyBytes).toBeLessThan(100_000)
  await third.close()
  await kv.close()
})

test('few keys that were changed again and again do not keep the log in memory', async () => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage)
  for (let i = 0; i < 50; i++) {
    await kv.batch(
      Array.from({ length: 1000 }, (_, j) => ({
        type: 'put',
        key: number(j % 50),
        value: Buffer.alloc(90, i),
      })),
    )
  }
  const again = new RandomAccessKV(killed(storage))
  await again.ready()
  expect((await again.stats()).dirtyBytes).toBeLessThan(100_000)
  expect(await again.get(number(7))).toEqual(Buffer.alloc(90, 49))
  await again.close()
  await kv.close()
})

test('a checkpoint after opening is not made durable in parts if the log refers to large values', async () => {
  const storage = new Memory()
  const options = { pageSize: 512, logSize: 10_000, cacheSize: 20_000 }
  const kv = new RandomAccessKV(storage, options)
  await kv.batch(
    Array.from(
      { length: 40_000 },
      (_, i): Operation => ({ type: 'put', key: number(i), value: Buffer.alloc(90, i) }),
    ),
  )
  await kv.checkpoint()
  const scattered = Array.from({ length: 8000 }, (_, i): Operation => {
    return { type: 'put', key: number((i * 7919) % 40_000), value: Buffer.alloc(90, i) }
  })
  const large: Operation = { type: 'put', key: number(0), value: Buffer.alloc(20_000) }
  for (const [batch, isInParts] of [
    [scattered, true],
    [[large, ...scattered.slice(1)], false],
  ] as const) {
    const left = killed(storage)
    const before = new RandomAccessKV(left, { ...options, logSize: 1 << 20 })
    await before.batch(batch)
    const again = new RandomAccessKV(killed(left), options)
    const { checkpoints } = await again.stats()
    await again.checkpoint()
    expect((await again.stats()).checkpoints - checkpoints > 1).toBe(isInParts)
    await assertSound(again, String(isInParts))
    await again.close()
    await before.close()
  }
  await kv.close()
})

test('no commit right after opening waits for a whole checkpoint', async () => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage, { logSize: 1 << 30 })
  const batch = (i: number) =>
    Array.from({ length: 1000 }, (_, j): Operation => {
      return { type: 'put', key: number(((i * 1000 + j) * 7919) % 1_000_000), value: Buffer.alloc(90) }
    })
  for (let i = 0; i < 150; i++) await kv.batch(batch(i))
  await kv.checkpoint()
  for (let i = 150; i < 180; i++) await kv.batch(batch(i))
  const left = new Counting(killed(storage).bytes)
  const again = new RandomAccessKV(left, { logSize: 3_000_000 })
  await again.ready()
  const { checkpoints } = await again.stats()
  let most = 0
  const opened = left.written
  for (let i = 180; (await again.stats()).checkpoints === checkpoints && i < 500; i++) {
    const { written } = left
    await again.batch(batch(i))
    most = Math.max(most, left.written - written)
  }
  expect(most).toBeLessThan((left.written - opened) / 4)
  await again.close()
  await kv.close()
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
