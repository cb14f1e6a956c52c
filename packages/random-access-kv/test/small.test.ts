// How little a store takes that has little in it.

import { expect, test } from 'vitest'
import { RandomAccessKV } from '../src/index.js'
import { Memory } from './support/storages.js'

const KiB = 1024

async function put(kv: RandomAccessKV, entries: number): Promise<void> {
  for (let i = 0; i < entries; i++) await kv.put(Buffer.from(`key ${i}`), Buffer.alloc(100, i))
}

test('a store of ten small entries takes less than 64 KiB, open and closed', async () => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage)
  await put(kv, 10)
  expect(storage.bytes.length).toBeLessThan(64 * KiB)
  await kv.close()
  expect(storage.bytes.length).toBeLessThan(64 * KiB)
})

test('a store of ten small entries does not grow when it is opened, changed and closed again and again', async () => {
  const storage = new Memory()
  for (let round = 0; round < 20; round++) {
    const kv = new RandomAccessKV(storage)
    await put(kv, 10)
    await kv.close()
  }
  expect(storage.bytes.length).toBeLessThan(80 * KiB)
})

test('a long log has few links: each extent is as large as all before it, up to 256 KiB', async () => {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage, { logSize: 100_000_000 })
  let extents = 0
  const { write } = storage
  storage.write = (offset, data, callback) => {
    // A link of the log has 20 bytes of payload.
    if (data.length > 50 && data.length < 80 && Buffer.from(data).readUInt32LE(20) === 2) extents++
    write.call(storage, offset, data, callback)
  }
  for (let i = 0; i < 200; i++) await kv.put(Buffer.from(`key ${i}`), Buffer.alloc(8000))
  // 1.6 MB: 16 KiB twice, 32, 64, 128, and then 256 each.
  expect(extents).toBeLessThan(13)
})
