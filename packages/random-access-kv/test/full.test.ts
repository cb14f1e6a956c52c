// A disk that is full: every call is answered, the event loop turns, and what a refused batch took is given back.

import { expect, test } from 'vitest'
import { RandomAccessKV } from '../src/index.js'
import { assertSound, contents } from './support/model.js'
import { Bytes, Full, Memory } from './support/storages.js'

const MiB = 1 << 20

test('refuses batches on a full disk one after the other while timers go on, and takes them once there is space', async () => {
  const bytes = new Bytes()
  const storage = new Full(bytes, 4 * MiB)
  const kv = new RandomAccessKV(storage, { logSize: 64 * 1024 })
  await kv.put(Buffer.from('key'), Buffer.alloc(100_000, 1))
  const { fileBytes, freeBytes } = await kv.stats()
  for (let i = 0; i < 80; i++) {
    const refused = expect(kv.put(Buffer.from('large'), Buffer.alloc(5 * MiB, i))).rejects
    await refused.toMatchObject({ code: 'ENOSPC' })
    if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 0))
  }
  const stats = await kv.stats()
  expect(stats.fileBytes - stats.freeBytes).toBe(fileBytes - freeBytes)
  // Small ones find the space that the large ones gave back.
  for (let i = 0; i < 100; i++) await kv.put(Buffer.from(`small ${i}`), Buffer.alloc(9000, i))
  storage.capacity = Number.POSITIVE_INFINITY
  await kv.put(Buffer.from('large'), Buffer.alloc(5 * MiB, 7))
  await assertSound(kv, 'once there is space')
  await kv.close()
  expect((await contents(new RandomAccessKV(new Memory(bytes)))).length).toBe(102)
})

test('gives the end of the file back that a refused batch took', async () => {
  const bytes = new Bytes()
  const storage = new Full(bytes, 16 * MiB)
  const kv = new RandomAccessKV(storage)
  await kv.put(Buffer.from('key'), Buffer.alloc(100))
  await expect(kv.put(Buffer.from('large'), Buffer.alloc(20 * MiB))).rejects.toMatchObject({ code: 'ENOSPC' })
  expect(bytes.length).toBeLessThan(2 * MiB)
  await kv.close()
})

test('a store that filled the disk, checkpoints included, opens and goes on once there is space', async () => {
  for (let capacity = 300_000; capacity < 2_000_000; capacity += 97_001) {
    const bytes = new Bytes()
    const storage = new Full(bytes, capacity)
    const kv = new RandomAccessKV(storage, { pageSize: 512, logSize: 50_000, sync: 'always' })
    let acknowledged = 0
    let refused = 0
    for (let i = 0; refused < 60; i++) {
      await kv
        .put(Buffer.from(`key ${String(i).padStart(6, '0')}`), Buffer.alloc(i % 7 === 0 ? 12_000 : 700, i))
        .then(
          () => acknowledged++,
          (error: { code?: string }) => {
            expect(error.code).toBe('ENOSPC')
            refused++
          },
        )
    }
    await kv.checkpoint().catch(() => {})
    // The process is killed here, or goes on.
    const left = new RandomAccessKV(new Memory(Bytes.from(bytes.copy())))
    expect((await contents(left)).length).toBe(acknowledged)
    await assertSound(left, 'after a crash')
    await left.close()
    storage.capacity = Number.POSITIVE_INFINITY
    await kv.put(Buffer.from('last'), Buffer.alloc(12_000))
    await assertSound(kv, 'once there is space')
    await kv.close()
    expect((await contents(new RandomAccessKV(new Memory(bytes)))).length).toBe(acknowledged + 1)
  }
})

test('closing and checkpoints succeed when the storage cannot be made shorter; compacting reports it', async () => {
  const bytes = new Bytes()
  const storage = new Memory(bytes)
  storage.truncate = (_size, callback) =>
    callback(Object.assign(new Error('EIO: simulated'), { code: 'EIO' }))
  const kv = new RandomAccessKV(storage)
  for (let i = 0; i < 40; i++) await kv.put(Buffer.from(`key ${i}`), Buffer.alloc(100_000, i))
  await kv.batch([{ type: 'clear' }])
  // The pages are free after the second one.
  for (let i = 0; i < 2; i++) {
    await kv.checkpoint()
    await kv.put(Buffer.from('key'), Buffer.alloc(i))
  }
  await kv.checkpoint()
  await expect(kv.compact()).rejects.toMatchObject({ code: 'EIO' })
  await kv.put(Buffer.from('key'), Buffer.from('value'))
  await kv.close()
  const again = new RandomAccessKV(new Memory(bytes))
  expect((await contents(again)).length).toBe(1)
  await again.compact()
  expect(bytes.length).toBeLessThan(1 << 20)
  await again.close()
})
