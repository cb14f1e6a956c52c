// Commits go to a memtable, which a checkpoint flushes into the tree: what both together look like, in every state of the flush.

import { expect, test } from 'vitest'
import { type Operation, RandomAccessKV } from '../src/index.js'
import { Filter } from '../src/memtable/filter.js'
import { assertSame, assertSound, contents, isSame, Model, type Pair } from './support/model.js'
import { Bytes, Counting, Faulty, Late, Memory, PowerCut, random } from './support/storages.js'

const key = (n: number) => Buffer.from(String(n).padStart(6, '0'))
const put = (n: number, size = 20): Operation => ({ type: 'put', key: key(n), value: Buffer.alloc(size, n) })

/** So many puts at keys without a pattern. */
function scattered(count: number, space: number, seed: number): Operation[] {
  const draw = random(seed)
  return Array.from({ length: count }, () => put(Math.floor(draw() * space), 10 + Math.floor(draw() * 20)))
}

/** A model that has taken the operations. */
function modelOf(...batches: Operation[][]): Model {
  const model = new Model()
  for (const batch of batches) model.apply(batch)
  return model
}

test('a commit reads nothing, wherever its keys are', async () => {
  const storage = new Memory()
  const first = new RandomAccessKV(storage, { cacheSize: 0 })
  await first.batch(scattered(5000, 10_000, 1))
  await first.close()
  const kv = new RandomAccessKV(storage, { cacheSize: 0 })
  await kv.ready()
  const { reads } = storage
  await kv.batch([...scattered(1000, 10_000, 2), { type: 'clear', gte: key(100), lt: key(900) }])
  await kv.del(key(5000))
  expect(storage.reads).toBe(reads)
  await kv.close()
})

test('iterators see puts, deletes and cleared ranges over what the tree has, in both directions', async () => {
  const batches: Operation[][] = [
    scattered(500, 1000, 3),
    [
      { type: 'clear', gte: key(200), lt: key(400) },
      put(250),
      put(399),
      { type: 'clear', gt: key(900) },
      put(950),
    ],
    [
      { type: 'del', key: key(250) },
      { type: 'clear', gte: key(350), lt: key(500) },
      put(420),
      put(5),
      put(999),
    ],
  ]
  const kv = new RandomAccessKV(new Memory())
  await kv.batch(batches[0] as Operation[])
  await kv.checkpoint()
  await kv.batch(batches[1] as Operation[])
  await kv.batch(batches[2] as Operation[])
  const model = modelOf(...batches)
  for (const options of [
    {},
    { gte: key(210), lt: key(430) },
    { gt: key(399), lte: key(999) },
    { gte: key(380), limit: 3 },
  ]) {
    for (const reverse of [false, true]) {
      const range = { ...options, reverse }
      assertSame(await contents(kv, range), model.list(range), JSON.stringify(range))
    }
  }
  const iterator = kv.iterator()
  iterator.seek(key(300))
  expect((await iterator.next()).value?.key).toEqual(model.list({ gte: key(300) })[0]?.[0])
  await iterator.close()
  await kv.close()
})

test('snapshots and iterators keep what they see while a checkpoint flushes it, and after', async () => {
  const before = scattered(2000, 3000, 4)
  const after: Operation[] = [{ type: 'clear', gte: key(500), lt: key(2500) }, ...scattered(300, 3000, 5)]
  const kv = new RandomAccessKV(new Late(new Bytes(), 6), { pageSize: 512, cacheSize: 0 })
  await kv.batch([...before, put(1, 3000), put(2, 20_000)])
  const model = modelOf([...before, put(1, 3000), put(2, 20_000)])
  const snapshot = kv.snapshot()
  const iterator = kv.iterator()
  await iterator.nextMany(10)
  const flushed = kv.checkpoint()
  await kv.batch([...after, put(1, 10), put(2, 10)])
  const during = kv.snapshot()
  await flushed
  await kv.checkpoint()
  assertSame(await contents(snapshot), model.list(), 'the snapshot before')
  const rest = await iterator.nextMany(5000)
  assertSame(
    rest.map(({ key, value }): Pair => [key, value]),
    model.list().slice(10),
    'the iterator',
  )
  model.apply([...after, put(1, 10), put(2, 10)])
  assertSame(await contents(during), model.list(), 'the snapshot meanwhile')
  await snapshot.close()
  await during.close()
  await iterator.close()
  await assertSound(kv, 'after all were closed')
  await kv.close()
})

test('a flush that fails at any call is taken up again', async () => {
  const first = scattered(600, 2000, 7)
  const second: Operation[] = [
    { type: 'clear', gte: key(100), lt: key(300) },
    ...scattered(300, 2000, 8),
    put(50, 2000),
    put(60, 20_000),
  ]
  const model = modelOf(first, second)
  for (let at = 0; ; at++) {
    const storage = new Faulty(new Bytes(), null)
    const kv = new RandomAccessKV(storage, { pageSize: 512, cacheSize: 0 })
    await kv.batch(first)
    await kv.checkpoint()
    await kv.batch(second)
    storage.fault = { at: storage.calls + at, kind: 'EIO', times: 1 }
    const failed = await kv.checkpoint().then(
      () => false,
      () => true,
    )
    const calls = storage.calls
    storage.fault = null
    await kv.checkpoint()
    assertSame(await contents(kv), model.list(), `call ${at}`)
    await assertSound(kv, `call ${at}`)
    await kv.close()
    if (!failed && at > calls) break
    if (at > 400) break
  }
})

test('a checkpoint that writes much is made durable in parts, and the file does not double', async () => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage, { pageSize: 512, logSize: 40_000, cacheSize: 100_000 })
  for (let i = 0; i < 60; i++) await kv.batch(Array.from({ length: 1000 }, (_, j) => put(i * 1000 + j)))
  await kv.checkpoint()
  const { checkpoints, fileBytes } = await kv.stats()
  for (let i = 0; i < 4; i++) {
    await kv.batch(Array.from({ length: 10_000 }, (_, j) => put((j * 7919 + i) % 60_000)))
    await kv.checkpoint()
  }
  const after = await kv.stats()
  expect(after.checkpoints - checkpoints).toBeGreaterThan(4)
  expect(after.fileBytes).toBeLessThan(1.9 * fileBytes)
  await kv.close()
})

test('a checkpoint in parts survives a power cut at any call', async () => {
  const first = Array.from({ length: 40_000 }, (_, i) => put(i))
  const second: Operation[] = [
    { type: 'clear', gte: key(5000), lt: key(9000) },
    ...scattered(8000, 40_000, 21),
    put(6000, 3000),
    { type: 'del', key: key(10_000) },
  ]
  const made = new Memory()
  const kv = new RandomAccessKV(made, { pageSize: 512 })
  await kv.batch(first)
  await kv.close()
  const [old, recent] = [modelOf(first).list(), modelOf(first, second).list()]
  const run = async (cutAt: number): Promise<{ storage: PowerCut; checkpoints: number }> => {
    const storage = new PowerCut(made.bytes.copy(), cutAt, cutAt)
    const kv = new RandomAccessKV(storage, { logSize: 10_000, cacheSize: 20_000 })
    try {
      await kv.batch(second)
      const { checkpoints } = await kv.stats()
      await kv.checkpoint()
      return { storage, checkpoints: (await kv.stats()).checkpoints - checkpoints }
    } catch (error) {
      if (!storage.isCut) throw error
      return { storage, checkpoints: 0 }
    }
  }
  const whole = await run(Number.POSITIVE_INFINITY)
  expect(whole.checkpoints).toBeGreaterThan(1)
  const cuts = Array.from({ length: 12 }, (_, i) => Math.floor((whole.storage.calls * (i + 1)) / 13))
  for (const at of cuts) {
    const kv = new RandomAccessKV(new Memory(Bytes.from((await run(at)).storage.survivors())))
    const found = await contents(kv)
    const isKnown = isSame(found, old) || isSame(found, recent)
    expect(isKnown, `cut at call ${at}: ${found.length} entries`).toBe(true)
    await assertSound(kv, `cut at call ${at}`)
    await kv.close()
  }
})

test('no batch waits for a whole checkpoint', async () => {
  const storage = new Counting()
  const kv = new RandomAccessKV(storage, { logSize: 1_000_000 })
  let most = 0
  for (let i = 0; i < 120; i++) {
    const { written } = storage
    await kv.batch(scattered(1000, 1_000_000, i))
    if (i > 20) most = Math.max(most, storage.written - written)
  }
  const { checkpoints } = await kv.stats()
  expect(checkpoints).toBeGreaterThan(3)
  expect(most).toBeLessThan(storage.written / checkpoints / 2)
  await kv.close()
})

test('the filter of a memtable has every key that was added, and few others', () => {
  const filter = new Filter(1 << 14)
  const keyOf = (i: number) => Buffer.from(`${'long '.repeat(i % 40)}key ${i}`)
  expect(filter.mayHave(keyOf(0))).toBe(false)
  for (let i = 0; i < 1000; i++) filter.add(keyOf(i))
  let others = 0
  for (let i = 0; i < 1000; i++) {
    expect(filter.mayHave(keyOf(i))).toBe(true)
    if (filter.mayHave(keyOf(1000 + i))) others++
  }
  expect(others).toBeLessThan(150)
})
