// The event loop keeps turning while a store works through what has come together: deletes, cleared ranges, large values, a long log.

import { expect, test, vi } from 'vitest'
import { type Operation, RandomAccessKV } from '../src/index.js'
import { RandomAccessLevel } from '../src/level.js'
import { Bytes, Memory } from './support/storages.js'
import { turns } from './support/turns.js'

const COUNT = 20_000
const key = (i: number) => Buffer.from(`key ${String(i).padStart(6, '0')}`)

function batch(count: number, operation: (i: number) => Operation): Operation[] {
  return Array.from({ length: count }, (_, i) => operation(i))
}

const put = (i: number, length = 60): Operation => ({
  type: 'put',
  key: key(i),
  value: Buffer.alloc(length, i),
})

/** A store whose tree has the keys from 0 to `COUNT`, and whose log has some more. */
async function opened(bytes: Bytes, more: readonly Operation[] = []): Promise<RandomAccessKV> {
  const kv = new RandomAccessKV(new Memory(bytes), { logSize: 1 << 30 })
  await kv.batch(batch(COUNT, (i) => put(i)))
  await kv.checkpoint()
  await kv.batch(more)
  return kv
}

/** A store with so many values of 60 KB in its log, after the first ones were deleted. */
async function withLarge(bytes: Bytes, count: number): Promise<RandomAccessKV> {
  const kv = new RandomAccessKV(new Memory(bytes), { logSize: 1 << 30 })
  await kv.ready()
  for (let i = 0; i < count; i++) await kv.batch([put(i, 60_000)])
  return kv
}

/** What is counted, after what comes before it. */
const works: Readonly<Record<string, (bytes: Bytes) => Promise<() => Promise<unknown>>>> = {
  'the first step of an iterator behind deletes': async (bytes) => {
    const kv = await opened(
      bytes,
      batch(COUNT, (i) => ({ type: 'del', key: key(i) })),
    )
    return () => kv.iterator().next()
  },
  'the first step of an iterator behind cleared ranges': async (bytes) => {
    const kv = await opened(
      bytes,
      batch(COUNT, (i) => ({ type: 'clear', gte: key(i), lte: key(i) })),
    )
    return () => kv.iterator({ reverse: true }).next()
  },
  'verify of entries that are in no leaf yet': async (bytes) => {
    const kv = new RandomAccessKV(new Memory(bytes))
    await kv.batch(batch(COUNT, (i) => put(i)))
    return () => kv.verify()
  },
  'verify of large values': async (bytes) => {
    const kv = await withLarge(bytes, 60)
    await kv.checkpoint()
    return () => kv.verify()
  },
  'opening with large values in the log': async (bytes) => {
    await withLarge(bytes, 60)
    return () => new RandomAccessKV(new Memory(bytes)).ready()
  },
  'compact of large values': async (bytes) => {
    const kv = await withLarge(bytes, 200)
    await kv.checkpoint()
    await kv.batch([{ type: 'clear', lt: key(100) }])
    await kv.checkpoint()
    return () => kv.compact()
  },
  'a batch of few large values': async (bytes) => {
    const kv = new RandomAccessKV(new Memory(bytes))
    await kv.ready()
    return () => kv.batch(batch(60, (i) => put(i, 60_000)))
  },
  'many batches that were called together': async (bytes) => {
    const kv = new RandomAccessKV(new Memory(bytes))
    await kv.ready()
    return () => Promise.all(batch(3000, (i) => put(i, 3000)).map((operation) => kv.batch([operation])))
  },
  'getMany of few large values': async (bytes) => {
    const kv = await withLarge(bytes, 60)
    return () => kv.getMany(Array.from({ length: 60 }, (_, i) => key(i)))
  },
  'an abstract-level iterator that is asked for few entries at a time': async (bytes) => {
    await (await opened(bytes)).close()
    const db = new RandomAccessLevel(() => new Memory(bytes))
    const iterator = db.iterator()
    await iterator.next()
    return async () => {
      while ((await iterator.nextv(3)).length > 0);
    }
  },
}

for (const [what, prepare] of Object.entries(works)) {
  test(`the event loop turns again and again during ${what}`, async () => {
    const work = await prepare(new Bytes())
    // The store looks at the clock once a turn: not at the one of the test before.
    await new Promise((resolve) => setImmediate(resolve))
    // A millisecond goes by whenever the store looks at the clock, so that no machine is too fast.
    let time = performance.now()
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => time++)
    try {
      expect(await turns(work)).toBeGreaterThan(5)
    } finally {
      clock.mockRestore()
    }
  })
}

test('a large batch is applied although reads follow one another without a pause', async () => {
  const kv = await opened(new Bytes())
  const reads: (() => Promise<unknown>)[] = [
    () => kv.get(key(1)),
    () => kv.getMany([key(1)]),
    () => kv.iterator().next(),
    () => kv.snapshot().get(key(1)),
  ]
  for (const read of reads) {
    let isDone = false
    const done = kv.batch(batch(COUNT, (i) => put(i))).then(() => {
      isDone = true
    })
    for (let i = 0; i < 1_000_000 && !isDone; i++) await read()
    expect(isDone).toBe(true)
    await done
  }
  await kv.close()
})

test('timers get their turn although the clock was set back', async () => {
  const kv = await opened(new Bytes())
  let time = performance.now()
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => time--)
  let hasTurned = false
  setImmediate(() => {
    hasTurned = true
  })
  for (let i = 0; i < 1_000_000 && !hasTurned; i++) await kv.get(key(1))
  clock.mockRestore()
  expect(hasTurned).toBe(true)
  await kv.close()
})
