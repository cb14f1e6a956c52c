// Iterators: calls that do not wait for one another, and storages that fail meanwhile.

import { expect, test } from 'vitest'
import { type EntryIterator, type IteratorOptions, RandomAccessKV } from '../src/index.js'
import { RandomAccessLevel } from '../src/level.js'
import { Bytes, Memory } from './support/storages.js'

const COUNT = 300
const key = (i: number) => Buffer.from(`key ${String(i).padStart(3, '0')}`)
const numbers = Array.from({ length: COUNT }, (_, i) => i)
/** Some values are large: they are read from the storage each time. */
const value = (i: number) => Buffer.alloc(i % 50 === 7 ? 9000 : 20, i)

async function filled(): Promise<Bytes> {
  const bytes = new Bytes()
  await using kv = new RandomAccessKV(new Memory(bytes), { pageSize: 512 })
  await kv.batch(numbers.map((i) => ({ type: 'put', key: key(i), value: value(i) })))
  return bytes
}

/** Memory of which one read fails, at once or late. */
class Flaky extends Memory {
  readonly #isLate: boolean
  /** The number of the read that fails. */
  failAt = Number.POSITIVE_INFINITY

  constructor(bytes: Bytes, isLate: boolean) {
    super(bytes)
    this.#isLate = isLate
  }

  override read(
    offset: number,
    size: number,
    callback: (error: Error | null, data: Uint8Array) => void,
  ): void {
    const fails = this.reads === this.failAt
    const answer = () => {
      if (fails) callback(Object.assign(new Error('EIO: simulated'), { code: 'EIO' }), new Uint8Array(0))
      else super.read(offset, size, callback)
    }
    if (fails) this.reads++
    if (this.#isLate) setImmediate(answer)
    else answer()
  }
}

interface Walk {
  readonly name: string
  readonly options: IteratorOptions
  readonly target?: number
  readonly expected: number[]
}

const WALKS: Walk[] = [
  { name: 'forwards', options: {}, expected: numbers },
  { name: 'backwards', options: { reverse: true }, expected: [...numbers].reverse() },
  { name: 'with a limit', options: { limit: 150 }, expected: numbers.slice(0, 150) },
  {
    name: 'from a target, backwards',
    options: { reverse: true, limit: 140 },
    target: 250,
    expected: numbers.slice(111, 251).reverse(),
  },
]

/** Reads to the end, again after every error. Returns how many there were. */
async function readAll(read: () => Promise<boolean>): Promise<number> {
  for (let errors = 0; ; ) {
    try {
      if (!(await read())) return errors
    } catch (error) {
      expect(error).toMatchObject({ code: 'EIO' })
      errors++
    }
  }
}

type Way = (iterator: EntryIterator, keys: Uint8Array[]) => Promise<boolean>

const next: Way = async (iterator, keys) => {
  const { value: entry } = await iterator.next()
  if (entry !== undefined) keys.push(entry.key)
  return entry !== undefined
}

const nextMany: Way = async (iterator, keys) => {
  const entries = await iterator.nextMany(40)
  keys.push(...entries.map((entry) => entry.key))
  return entries.length === 40
}

/** What has been read ahead for `next` goes to `nextMany`. */
const both: Way = (iterator, keys) => (keys.length === 0 ? next : nextMany)(iterator, keys)

for (const isLate of [false, true]) {
  for (const [way, read] of Object.entries({ next, nextMany, both })) {
    test(`an iterator whose storage fails once loses nothing: ${way}, ${isLate ? 'late' : 'at once'}`, async () => {
      const bytes = await filled()
      for (const { name, options, target, expected } of WALKS) {
        // Every fifth: the reads are alike.
        for (let failing = 0, failed = true; failed; failing += 5) {
          const storage = new Flaky(bytes, isLate)
          await using kv = new RandomAccessKV(storage, { cacheSize: 0, readOnly: true })
          await kv.ready()
          storage.failAt = storage.reads + failing
          const iterator = kv.iterator(options)
          if (target !== undefined) iterator.seek(key(target))
          const keys: Uint8Array[] = []
          const errors = await readAll(() => read(iterator, keys))
          failed = errors > 0
          expect(keys, `${name}, read ${failing} fails`).toEqual(expected.map(key))
          await iterator.close()
        }
      }
    })
  }
}

test('an abstract-level iterator whose storage fails once loses nothing', async () => {
  const bytes = await filled()
  for (let failing = 0, failed = true; failed; failing++) {
    const storage = new Flaky(bytes, false)
    const db = new RandomAccessLevel(() => storage, { cacheSize: 0, readOnly: true, keyEncoding: 'buffer' })
    await db.open({ createIfMissing: false })
    storage.failAt = storage.reads + failing
    const iterator = db.iterator()
    const keys: unknown[] = []
    const errors = await readAll(async () => {
      const first = await iterator.next()
      if (first !== undefined) keys.push(first[0])
      const entries = await iterator.nextv(40)
      for (const entry of entries) keys.push(entry[0])
      return entries.length > 0
    })
    failed = errors > 0
    expect(keys, `read ${failing} fails`).toEqual(numbers.map(key))
    await iterator.close()
    await db.close()
  }
})

test('calls that do not wait for one another get the entries in order', async () => {
  const storage = new Flaky(await filled(), true)
  await using kv = new RandomAccessKV(storage, { cacheSize: 0 })
  const iterator = kv.iterator()
  const nexts = (count: number) => Array.from({ length: count }, () => iterator.next())
  const keys = (results: IteratorResult<{ key: Uint8Array }, undefined>[]) =>
    results.map((result) => result.value?.key)
  const first = nexts(3)
  const many = iterator.nextMany(200)
  const then = nexts(2)
  iterator.seek(key(290))
  const last = nexts(12)
  expect(keys(await Promise.all(first))).toEqual([0, 1, 2].map(key))
  expect((await many).map((entry) => entry.key)).toEqual(numbers.slice(3, 203).map(key))
  expect(keys(await Promise.all(then))).toEqual([203, 204].map(key))
  expect(keys(await Promise.all(last))).toEqual([...numbers.slice(290).map(key), undefined, undefined])
})

test('an iterator and a snapshot of a store that is not open see it as it is found, before any batch', async () => {
  await using kv = new RandomAccessKV(new Flaky(await filled(), true))
  const iterator = kv.iterator({ values: false })
  const snapshot = kv.snapshot()
  const ofSnapshot = snapshot.iterator({ values: false })
  const early = kv.put(key(400), value(400))
  await kv.ready()
  await kv.batch([{ type: 'clear', gte: key(100) }])
  await early
  expect(await snapshot.get(key(200))).toEqual(value(200))
  await snapshot.close()
  for (const each of [iterator, ofSnapshot]) expect((await each.nextMany(1000)).length).toBe(COUNT)
  await Promise.all([iterator.close(), ofSnapshot.close()])
  expect((await kv.stats()).snapshots).toBe(0)
})

test('an iterator and a snapshot of a suspended store see it as it was suspended', async () => {
  await using kv = new RandomAccessKV(new Flaky(await filled(), true))
  await kv.suspend()
  const iterator = kv.iterator({ values: false })
  const snapshot = kv.snapshot()
  await kv.resume()
  await kv.batch([{ type: 'clear' }])
  expect(await snapshot.get(key(200))).toEqual(value(200))
  expect((await iterator.nextMany(1000)).length).toBe(COUNT)
  await Promise.all([iterator.close(), snapshot.close()])
})

test('an iterator that is closed before its store is open holds nothing up', async () => {
  await using kv = new RandomAccessKV(new Flaky(await filled(), true))
  await kv.iterator().close()
  await kv.snapshot().close()
  expect((await kv.stats()).snapshots).toBe(0)
})

test('an iterator of a store that could not be opened tries again', async () => {
  const storage = new Flaky(await filled(), true)
  await using kv = new RandomAccessKV(storage)
  storage.failAt = 0
  const iterator = kv.iterator()
  await expect(iterator.next()).rejects.toMatchObject({ code: 'EIO' })
  expect((await iterator.next()).value?.key).toEqual(key(0))
  await iterator.close()
})

const readers: Readonly<Record<string, (kv: RandomAccessKV) => Promise<unknown>>> = {
  next: (kv) => kv.iterator().next(),
  'for await': async (kv) => {
    for await (const entry of kv.iterator()) return entry
    return undefined
  },
  'nextMany with a limit of bytes': (kv) => kv.iterator().nextMany(200, 1_000_000),
}

for (const [way, read] of Object.entries(readers)) {
  test(`reads ahead few bytes of large values: ${way}`, async () => {
    const storage = new Memory()
    const kv = new RandomAccessKV(storage, { cacheSize: 0 })
    for (let i = 0; i < 200; i++) await kv.put(Buffer.from(`key ${i}`), Buffer.alloc(100_000, i))
    await kv.checkpoint()
    let bytes = 0
    const { read: original } = storage
    storage.read = (offset, size, callback) => {
      bytes += size
      original.call(storage, offset, size, callback)
    }
    await read(kv)
    expect(bytes).toBeLessThan(1_500_000)
    await kv.close()
  })
}

test('nextMany with a limit of bytes gives all entries, at least one at a time', async () => {
  const kv = new RandomAccessKV(new Memory())
  for (let i = 0; i < 60; i++)
    await kv.put(Buffer.from(`key ${i}`), Buffer.alloc(i % 5 === 0 ? 50_000 : 10, i))
  const iterator = kv.iterator()
  let count = 0
  for (;;) {
    const entries = await iterator.nextMany(20, 20_000)
    if (entries.length === 0) break
    count += entries.length
  }
  expect(count).toBe(60)
  await iterator.close()
  await kv.close()
})
