// What is too large is refused with an error that says so, and nothing else happens.

import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { MAX_VALUE, RandomAccessKV, type RandomAccessStorage } from '../src/index.js'
import { Memory } from './support/storages.js'

/** Memory of any length that holds only what was written, in pieces of 512 bytes. */
class Sparse implements RandomAccessStorage {
  readonly #pieces = new Map<number, Uint8Array>()
  length = 0

  read(offset: number, size: number, callback: (error: Error | null, data: Uint8Array) => void): void {
    const data = new Uint8Array(size)
    for (let at = Math.floor(offset / 512) * 512; at < offset + size; at += 512) {
      const piece = this.#pieces.get(at)
      if (piece === undefined) continue
      const from = Math.max(at, offset)
      const to = Math.min(at + 512, offset + size)
      data.set(piece.subarray(from - at, to - at), from - offset)
    }
    if (offset + size > this.length) callback(new Error('Could not satisfy length'), data)
    else callback(null, data)
  }

  write(offset: number, data: Uint8Array, callback: (error: Error | null) => void): void {
    for (let at = Math.floor(offset / 512) * 512; at < offset + data.length; at += 512) {
      const piece = this.#pieces.get(at) ?? new Uint8Array(512)
      const from = Math.max(at, offset)
      const to = Math.min(at + 512, offset + data.length)
      piece.set(data.subarray(from - offset, to - offset), from - at)
      this.#pieces.set(at, piece)
    }
    this.length = Math.max(this.length, offset + data.length)
    callback(null)
  }

  stat?(callback: (error: Error | null, stat: { size: number }) => void): void {
    callback(null, { size: this.length })
  }
}

/** A store whose file has so many pages of 512 bytes. */
async function ofPages(pages: number): Promise<Sparse> {
  const storage = new Sparse()
  const kv = new RandomAccessKV(storage, { pageSize: 512 })
  for (let i = 0; i < 50; i++) await kv.put(Buffer.from(`key ${i}`), Buffer.alloc(100, i))
  await kv.close()
  for (const slot of [0, 4096]) {
    storage.read(slot, 512, (_error, data) => {
      const meta = Buffer.from(data)
      if (meta.readUInt32LE(8) === 0) return
      meta.writeUInt32LE(pages, 24)
      meta.writeUInt32LE(crc32(meta.subarray(0, 508)), 508)
      storage.write(slot, meta, () => {})
    })
  }
  storage.length = pages * 512
  return storage
}

test('puts are refused when page numbers run out; deletes, checkpoints and reads go on', async () => {
  const storage = await ofPages(2 ** 32 - 1000)
  const kv = new RandomAccessKV(storage, { pageSize: 512 })
  for (const length of [10, 3000, 100_000]) {
    await expect(kv.put(Buffer.from('key'), Buffer.alloc(length))).rejects.toMatchObject({ code: 'KV_FULL' })
  }
  await kv.del(Buffer.from('key 7'))
  await kv.checkpoint()
  expect((await kv.get(Buffer.from('key 8')))?.length).toBe(100)
  await kv.close()
  const again = new RandomAccessKV(storage)
  expect(await again.get(Buffer.from('key 7'))).toBe(null)
  expect((await again.get(Buffer.from('key 49')))?.length).toBe(100)
  await again.close()
})

for (const canStat of [true, false]) {
  test(`a store of 4 TB opens and grows on a storage ${canStat ? 'that tells its length' : 'without stat'}`, async () => {
    const storage = await ofPages(2 ** 32 - 2 ** 26)
    if (!canStat) Object.defineProperty(storage, 'stat', { value: undefined })
    for (let round = 0; round < 2; round++) {
      const kv = new RandomAccessKV(storage, { pageSize: 512 })
      await kv.put(Buffer.from(`large ${round}`), Buffer.alloc(300_000, round))
      await kv.close()
    }
    const kv = new RandomAccessKV(storage)
    expect(await kv.get(Buffer.from('large 0'))).toEqual(Buffer.alloc(300_000, 0))
    expect(await kv.get(Buffer.from('large 1'))).toEqual(Buffer.alloc(300_000, 1))
    await kv.close()
  })
}

test('a value that is too long is refused before anything happens', async () => {
  const kv = new RandomAccessKV(new Memory())
  // No memory is used: nothing is written to it.
  for (const length of [MAX_VALUE + 1, 2 ** 31 + 1]) {
    const value = new Uint8Array(new ArrayBuffer(length))
    await expect(kv.put(Buffer.from('key'), value)).rejects.toMatchObject({ code: 'KV_BAD_ARGUMENT' })
  }
  await kv.close()
})

test('a batch whose operations give other bytes each time is refused, and the store goes on', async () => {
  const kv = new RandomAccessKV(new Memory())
  let reads = 0
  const changing = {
    type: 'put' as const,
    get key() {
      return Buffer.alloc(1 + (++reads % 3), reads)
    },
    value: Buffer.from('value'),
  }
  const refused = kv.batch(Array.from({ length: 5000 }, () => changing))
  await expect(refused).rejects.toMatchObject({ code: 'KV_BAD_ARGUMENT' })
  await kv.put(Buffer.from('key'), Buffer.from('value'))
  await kv.close()
})

test('a batch that is too large is refused before anything happens', async () => {
  const kv = new RandomAccessKV(new Memory())
  const value = new Uint8Array(MAX_VALUE)
  const batch = Array.from({ length: 3 }, (_, i) => ({ type: 'put' as const, key: Buffer.of(i), value }))
  await expect(kv.batch(batch)).rejects.toMatchObject({ code: 'KV_BAD_ARGUMENT' })
  expect((await kv.stats()).logBytes).toBe(0)
  await kv.close()
})
