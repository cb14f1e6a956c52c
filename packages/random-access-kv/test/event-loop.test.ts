// The event loop keeps turning although storage and cache answer at once: in runs of calls, and in calls that take long.

import { beforeAll, expect, test, vi } from 'vitest'
import { type Operation, RandomAccessKV } from '../src/index.js'
import { Bytes, Memory } from './support/storages.js'
import { turns } from './support/turns.js'

const COUNT = 100_000
/** So many calls follow one another at most until another has had its turn. */
const CALLS = 1_000_000

const key = (i: number) => Buffer.from(`key ${(i * 7919) % COUNT}`)
const value = Buffer.alloc(60, 1)

/** A store with many entries in its tree, and one with many in its log. */
const tree = new Bytes()
const log = new Bytes()

function puts(from: number, to: number): (Operation & { type: 'put' })[] {
  return Array.from({ length: to - from }, (_, i) => ({ type: 'put', key: key(from + i), value }))
}

beforeAll(async () => {
  for (const bytes of [tree, log]) {
    const kv = new RandomAccessKV(new Memory(bytes), { logSize: 1 << 30 })
    for (let i = 0; i < COUNT; i += 1000) await kv.batch(puts(i, i + 1000))
    if (bytes === tree) await kv.close()
  }
})

const open = (bytes: Bytes) => new RandomAccessKV(new Memory(Bytes.from(bytes.copy())))

const runs: Readonly<Record<string, (kv: RandomAccessKV) => () => Promise<unknown>>> = {
  gets: (kv) => {
    let i = 0
    return () => kv.get(key(i++ % 100))
  },
  'gets of a snapshot': (kv) => {
    const snapshot = kv.snapshot()
    let i = 0
    return () => snapshot.get(key(i++ % 100))
  },
  'getMany of one key': (kv) => {
    let i = 0
    return () => kv.getMany([key(i++ % 100)])
  },
  puts: (kv) => {
    let i = 0
    return () => kv.put(key(i++ % 100), value)
  },
  syncs: (kv) => () => kv.sync(),
  'steps of an iterator': (kv) => {
    let iterator = kv.iterator()
    return async () => {
      if ((await iterator.next()).done) iterator = kv.iterator()
    }
  },
  'few entries at a time of an iterator': (kv) => {
    let iterator = kv.iterator({ values: false })
    return async () => {
      if ((await iterator.nextMany(5)).length === 0) iterator = kv.iterator({ values: false })
    }
  },
  'iterators of one entry': (kv) => async () => {
    const iterator = kv.iterator({ gte: key(5), limit: 1 })
    await iterator.next()
    await iterator.close()
  },
  'iterators that find nothing': (kv) => () => kv.iterator({ gte: Buffer.from('z') }).next(),
}

for (const [what, make] of Object.entries(runs)) {
  test(`timers and sockets get their turn during a run of ${what}`, async () => {
    const kv = open(tree)
    const call = make(kv)
    await kv.ready()
    await call()
    let hasTurned = false
    setImmediate(() => {
      hasTurned = true
    })
    for (let i = 0; i < CALLS && !hasTurned; i++) await call()
    expect(hasTurned).toBe(true)
    await kv.close()
  })
}

const calls: Readonly<Record<string, (kv: RandomAccessKV) => Promise<unknown>>> = {
  'a batch of 100,000 puts': (kv) => kv.batch(puts(0, COUNT)),
  'getMany of 100,000 keys': (kv) => kv.getMany(Array.from({ length: COUNT }, (_, i) => key(i))),
  'getMany of 100,000 keys of a snapshot': async (kv) => {
    const snapshot = kv.snapshot()
    await snapshot.getMany(Array.from({ length: COUNT }, (_, i) => key(i)))
    await snapshot.close()
  },
  'a batch of 100,000 deletes': (kv) =>
    kv.batch(puts(0, COUNT).map(({ key: each }) => ({ type: 'del', key: each }))),
  'a batch of 20,000 clears': (kv) =>
    kv.batch(puts(0, 20_000).map(({ key: each }) => ({ type: 'clear', gte: each, lte: each }))),
  'a batch with many large values': (kv) =>
    kv.batch(
      puts(0, 5000).map(
        (put, i) => ({ ...put, value: Buffer.alloc(i % 5 === 0 ? 9000 : 5000, i) }) as Operation,
      ),
    ),
  'nextMany of 100,000 entries': (kv) => kv.iterator().nextMany(COUNT),
  verify: (kv) => kv.verify(),
  'a checkpoint of many pages': async (kv) => {
    await kv.batch(puts(0, COUNT))
    return kv.checkpoint()
  },
  'compact after half was deleted': async (kv) => {
    await kv.batch([{ type: 'clear', gte: Buffer.from('key 3'), lt: Buffer.from('key 8') }])
    return kv.compact()
  },
}

/** How often the event loop turns while a millisecond goes by whenever the store looks at the clock, so that no machine is too fast. */
async function turnsOfEachLook(run: () => Promise<unknown>): Promise<number> {
  let time = performance.now()
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => time++)
  try {
    return await turns(run)
  } finally {
    clock.mockRestore()
  }
}

for (const [what, call] of Object.entries(calls)) {
  test(`the event loop turns again and again during ${what}`, async () => {
    const kv = open(tree)
    await kv.ready()
    expect(await turnsOfEachLook(() => call(kv))).toBeGreaterThan(5)
    await kv.close()
  })
}

test('the event loop turns while a long log is recovered', async () => {
  const kv = open(log)
  expect(await turnsOfEachLook(() => kv.ready())).toBeGreaterThan(1)
  await kv.close()
})

test('readers see all of a large batch or nothing of it while it is applied', async () => {
  const kv = open(tree)
  await kv.ready()
  const later = Buffer.alloc(60, 2)
  const batch = puts(0, COUNT).map((operation) => ({ ...operation, value: later }) as Operation)
  let isDone = false
  const done = kv.batch(batch).then(() => {
    isDone = true
  })
  let looks = 0
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve))
    const [first, last] = await kv.getMany([key(0), key(COUNT - 1)])
    const tried = kv.tryGet(key(1))
    const { value: entry } = await kv.iterator({ gte: key(5) }).next()
    expect(last).toEqual(first)
    if (!isDone) {
      if (tried !== undefined) expect(tried?.[0]).toBe(first?.[0])
      expect(entry?.value[0]).toBe(first?.[0])
    }
    looks++
  }
  await done
  expect(looks).toBeGreaterThan(1)
  expect((await kv.verify()).problems).toEqual([])
  expect(await kv.get(key(3))).toEqual(later)
  await kv.close()
})
