// Bytes that a caller gives to a read or an iterator are its own: it may change them as soon as it has called. What it gives is read once.

import { expect, test } from 'vitest'
import { type Operation, RandomAccessKV } from '../src/index.js'
import { RandomAccessLevel } from '../src/level.js'
import { assertSound } from './support/model.js'
import { Bytes, Late, Memory } from './support/storages.js'

const COUNT = 600
const keyOf = (i: number) => Buffer.from(`key ${String(i).padStart(4, '0')}`)
const bytesOf = (i: number) => Buffer.alloc(i % 50 === 7 ? 20_000 : 30, i)

async function filled(): Promise<Bytes> {
  const bytes = new Bytes()
  await using kv = new RandomAccessKV(new Memory(bytes), { pageSize: 512 })
  for (let i = 0; i < COUNT; i++) await kv.put(keyOf(i), bytesOf(i))
  return bytes
}

/** Stores with the same entries, each in another state. Nothing is cached, so that reads are answered late. */
const stores: Readonly<Record<string, () => Promise<RandomAccessKV>>> = {
  'that is open': async () => {
    const kv = new RandomAccessKV(new Memory(await filled()))
    await kv.ready()
    return kv
  },
  'whose storage answers late': async () => {
    const kv = new RandomAccessKV(new Late(await filled(), 1), { cacheSize: 0 })
    await kv.ready()
    return kv
  },
  'that is not open yet': async () => new RandomAccessKV(new Late(await filled(), 1), { cacheSize: 0 }),
}

/** Calls with a key, which is changed right after the call. Each returns the entry of that key. */
const reads: Readonly<Record<string, (kv: RandomAccessKV, key: Uint8Array) => Promise<unknown>>> = {
  get: (kv, key) => kv.get(key),
  getMany: async (kv, key) => {
    const keys = [key]
    const reading = kv.getMany(keys)
    keys.push(keyOf(3))
    const values = await reading
    expect(values.length).toBe(1)
    return values[0]
  },
  'get of a snapshot': (kv, key) => kv.snapshot().get(key),
  'getMany of a snapshot': (kv, key) =>
    kv
      .snapshot()
      .getMany([key])
      .then(([value]) => value),
  'an iterator with gte': (kv, key) => first(kv.iterator({ gte: key })),
  'an iterator with lte': (kv, key) => first(kv.iterator({ lte: key, reverse: true })),
  'an iterator with lt': (kv, key) =>
    kv
      .iterator({ lt: key })
      .nextMany(COUNT)
      .then((entries) => bytesOf(entries.length)),
  seek: (kv, key) => {
    const iterator = kv.iterator()
    iterator.seek(key)
    return first(iterator)
  },
  'seek while an entry is read': (kv, key) => {
    const iterator = kv.iterator()
    void iterator.next()
    iterator.seek(key)
    return first(iterator)
  },
}

async function first(iterator: ReturnType<RandomAccessKV['iterator']>): Promise<Uint8Array | undefined> {
  const { value } = await iterator.next()
  return value?.value
}

for (const [state, open] of Object.entries(stores)) {
  for (const [what, read] of Object.entries(reads)) {
    test(`${what} of a store ${state} reads the key of the call`, async () => {
      const kv = await open()
      for (const i of [5, 57, 580]) {
        const key = keyOf(i)
        const reading = read(kv, key)
        key.set(keyOf(300))
        expect(await reading).toEqual(bytesOf(i))
      }
      await kv.close()
    })
  }
}

test('an abstract-level database reads and clears the keys of the call', async () => {
  const db = new RandomAccessLevel<Buffer, Buffer>(new Late(await filled(), 1), {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
    cacheSize: 0,
  })
  await db.open()
  const key = keyOf(5)
  const value = db.get(key)
  const iterator = db.iterator({ gte: key })
  const sought = db.iterator()
  sought.seek(key)
  const cleared = db.clear({ gte: key, limit: 2 })
  key.set(keyOf(300))
  expect(await value).toEqual(bytesOf(5))
  expect((await iterator.next())?.[0]).toEqual(keyOf(5))
  expect((await sought.next())?.[0]).toEqual(keyOf(5))
  await cleared
  expect(await db.hasMany([keyOf(5), keyOf(6), keyOf(7), keyOf(300)])).toEqual([false, false, true, true])
  await db.close()
})

test.each([1, 5000])(
  'a batch of %i operations whose getters return longer keys each time leaves the store whole',
  async (count) => {
    const bytes = new Bytes()
    const kv = new RandomAccessKV(new Memory(bytes))
    await kv.put(Buffer.from('before'), Buffer.from('value'))
    for (let round = 0; round < 36; round++) {
      // Each getter changes its mind after so many calls.
      let keys = round % 6
      let values = Math.floor(round / 6)
      const operation: Operation = {
        type: 'put',
        get key() {
          return Buffer.alloc(keys-- > 0 ? 10 : 70_000, 1)
        },
        get value() {
          return Buffer.alloc(values-- > 0 ? 70_000 : 10, 2)
        },
      }
      const batch = Array.from({ length: count }, (_, i) =>
        i === count - 1 ? operation : { type: 'del' as const, key: Buffer.from(`${i}`) },
      )
      await kv
        .batch(batch)
        .catch((error: unknown) => expect(error).toMatchObject({ code: 'KV_BAD_ARGUMENT' }))
    }
    await kv.put(Buffer.from('last'), Buffer.from('value'))
    // The process is killed.
    const next = new RandomAccessKV(new Memory(Bytes.from(bytes.copy())))
    expect(await next.get(Buffer.from('last'))).toEqual(Buffer.from('value'))
    await assertSound(next, 'after a kill')
    await next.close()
  },
)

test.each([0, -1, 1.5, Number.NaN, '3', null, undefined])('nextMany refuses %s entries', async (count) => {
  await using kv = new RandomAccessKV(new Memory(await filled()))
  const iterator = kv.iterator()
  await iterator.next()
  const refused = { code: 'KV_BAD_ARGUMENT', message: expect.stringContaining('count must be') }
  await expect(iterator.nextMany(count as number)).rejects.toMatchObject(refused)
  // NaN bytes allow one entry at a time.
  expect((await iterator.nextMany(100, Number.NaN)).length).toBe(1)
  expect((await iterator.nextMany(Number.POSITIVE_INFINITY)).length).toBe(COUNT - 2)
})

test('nextMany keeps its limit of bytes for entries that were read ahead, too', async () => {
  await using kv = new RandomAccessKV(new Memory(await filled()))
  const iterator = kv.iterator()
  await iterator.next()
  for (let i = 1; i < COUNT; ) {
    const entries = await iterator.nextMany(100, 100)
    expect(entries.length).toBeGreaterThan(0)
    for (const { key } of entries) expect(key).toEqual(keyOf(i++))
    const size = entries.reduce((sum, { key, value }) => sum + key.length + value.length, 0)
    if (entries.length > 1) expect(size).toBeLessThanOrEqual(100)
  }
  await iterator.close()
})

test.each(['key', null, undefined, 5])('seek refuses %s', async (target) => {
  await using kv = new RandomAccessKV(new Memory(await filled()))
  const iterator = kv.iterator()
  const refused = { code: 'KV_BAD_ARGUMENT', message: expect.stringContaining('target must be a Uint8Array') }
  expect(() => iterator.seek(target as unknown as Uint8Array)).toThrow(expect.objectContaining(refused))
  expect((await iterator.next()).value?.key).toEqual(keyOf(0))
  await iterator.close()
})
