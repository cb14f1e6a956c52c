// Iterators and snapshots of a store that was closed.

import { expect, test } from 'vitest'
import { RandomAccessKV } from '../src/index.js'
import { Memory } from './support/storages.js'

const key = (i: number) => Buffer.from(`key ${i}`)
const closed = { code: 'KV_CLOSED' }

async function filled(): Promise<RandomAccessKV> {
  const kv = new RandomAccessKV(new Memory())
  await kv.batch(Array.from({ length: 9 }, (_, i) => ({ type: 'put', key: key(i), value: key(i) })))
  return kv
}

test('an iterator gives nothing that it has read ahead once the store is closed', async () => {
  const kv = await filled()
  const iterators = [kv.iterator(), kv.iterator(), kv.iterator({ reverse: true })] as const
  for (const iterator of iterators) await iterator.next()
  await kv.close()
  await expect(iterators[0].next()).rejects.toMatchObject(closed)
  await expect(iterators[0].next()).rejects.toMatchObject(closed)
  await expect(iterators[1].nextMany(2)).rejects.toMatchObject(closed)
  await expect(iterators[1].nextMany(2, 10)).rejects.toMatchObject(closed)
  iterators[2].seek(key(3))
  await expect(iterators[2].next()).rejects.toMatchObject(closed)
  for (const iterator of iterators) {
    await iterator.close()
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  }
})

test('a loop over the entries of a store fails when the store is closed within', async () => {
  const kv = await filled()
  const keys: Uint8Array[] = []
  const loop = async () => {
    for await (const entry of kv.iterator()) {
      keys.push(entry.key)
      if (keys.length === 3) await kv.close()
    }
  }
  await expect(loop()).rejects.toMatchObject(closed)
  expect(keys).toEqual([key(0), key(1), key(2)])
})

test('a snapshot knows nothing once the store is closed', async () => {
  const kv = await filled()
  const snapshot = kv.snapshot()
  expect(snapshot.tryGet(key(1))).toEqual(key(1))
  await kv.close()
  expect(snapshot.tryGet(key(1))).toBe(undefined)
  await expect(snapshot.get(key(1))).rejects.toMatchObject(closed)
  await expect(snapshot.getMany([key(1)])).rejects.toMatchObject(closed)
  await expect(snapshot.iterator().next()).rejects.toMatchObject(closed)
  await snapshot.close()
})

test('a snapshot of a store that could not be opened reports it, and closes', async () => {
  const storage = new Memory()
  storage.read = (_offset, _size, callback) => callback(new Error('EIO: simulated'), new Uint8Array(0))
  storage.stat = (callback) => callback(new Error('EIO: simulated'), { size: 0 })
  const kv = new RandomAccessKV(storage)
  const snapshot = kv.snapshot()
  await expect(snapshot.get(key(1))).rejects.toThrow('EIO')
  expect(snapshot.tryGet(key(1))).toBe(undefined)
  await snapshot.close()
  await expect(snapshot.get(key(1))).rejects.toMatchObject(closed)
  await kv.close()
})
