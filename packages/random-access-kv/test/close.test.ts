// Closing and suspending: what is under way ends first, a storage is let go of whether or not it was used, and a store that cannot be
// suspended goes on.

import RAM from 'random-access-memory'
import { expect, test } from 'vitest'
import { RandomAccessKV, type RandomAccessStorage } from '../src/index.js'
import { Bytes, Faulty, Late, Memory } from './support/storages.js'

const key = new Uint8Array([1])

/** A memory whose reads are answered when the test says so, and that tells whether it was closed. */
class HeldMemory {
  readonly memory = new RAM() as RandomAccessStorage
  readonly held: (() => void)[] = []
  holding = false
  closed = false

  read(offset: number, size: number, callback: (error: Error | null, data?: Uint8Array) => void): void {
    const read = () => this.memory.read(offset, size, callback)
    if (this.holding) this.held.push(read)
    else read()
  }

  write(offset: number, data: Uint8Array, callback: (error: Error | null) => void): void {
    this.memory.write(offset, data, callback)
  }

  close(callback: (error: Error | null) => void): void {
    this.closed = true
    callback(null)
  }
}

test('close waits for a read under way before it lets go of the storage', async () => {
  const storage = new HeldMemory()
  const kv = new RandomAccessKV(storage, { cacheSize: 0 })
  await kv.put(key, new Uint8Array(100_000).fill(7)) // large: it is read from the storage each time
  storage.holding = true
  const reading = kv.get(key)
  await expect.poll(() => storage.held.length).toBeGreaterThan(0)
  const closing = kv.close()
  expect(storage.closed).toBe(false)
  storage.holding = false
  for (const read of storage.held) read()
  expect((await reading)?.length).toBe(100_000)
  await closing
  expect(storage.closed).toBe(true)
})

test('a store that was never opened closes its storage all the same', async () => {
  const storage = new HeldMemory()
  await new RandomAccessKV(storage).close()
  expect(storage.closed).toBe(true)
})

test('a store whose last checkpoint fails when it is suspended goes on, and can be suspended later', async () => {
  const storage = new Faulty(new Bytes(), null)
  const kv = new RandomAccessKV(storage)
  await kv.put(key, new Uint8Array([1]))
  storage.fault = { at: storage.calls, kind: 'ENOSPC', times: Number.POSITIVE_INFINITY }
  const suspending = kv.suspend()
  const waiting = kv.get(key)
  await expect(suspending).rejects.toMatchObject({ code: 'ENOSPC' })
  expect(await waiting).toEqual(Buffer.from([1]))
  storage.fault = null
  await kv.put(key, new Uint8Array([2]))
  await kv.suspend()
  const late = kv.get(key)
  await kv.resume()
  expect(await late).toEqual(Buffer.from([2]))
  await kv.close()
})

test('a store that its storage does not let go of goes on', async () => {
  const storage = Object.assign(new Memory(), {
    suspend: (callback: (error: Error | null) => void) => callback(new Error('Not now')),
  })
  const kv = new RandomAccessKV(storage)
  await kv.put(key, new Uint8Array([1]))
  await expect(kv.suspend()).rejects.toThrow('Not now')
  await kv.put(key, new Uint8Array([2]))
  storage.suspend = (callback) => callback(null)
  await Promise.all([kv.suspend(), kv.suspend()])
  await kv.resume()
  expect(await kv.get(key)).toEqual(Buffer.from([2]))
  await kv.close()
})

test('close waits for a suspension under way, and ends what waits for its end', async () => {
  const storage = new HeldMemory()
  const suspends: (() => void)[] = []
  const kv = new RandomAccessKV(
    Object.assign(storage, {
      suspend: (callback: (error: Error | null) => void) => suspends.push(() => callback(null)),
    }),
  )
  await kv.put(key, new Uint8Array([1]))
  const suspending = kv.suspend()
  await expect.poll(() => suspends.length).toBe(1)
  const waiting = kv.get(key).catch((error: unknown) => error)
  const closing = kv.close()
  expect(storage.closed).toBe(false)
  for (const done of suspends) done()
  await suspending
  await closing
  expect(await waiting).toMatchObject({ code: 'KV_CLOSED' })
  expect(storage.closed).toBe(true)
})

test('a sync that ends while the store is suspended does not keep it from going on', async () => {
  for (let turns = 0; turns < 20; turns++) {
    const kv = new RandomAccessKV(new Late(new Bytes(), turns))
    await kv.put(key, new Uint8Array(9000))
    const all = [kv.checkpoint()]
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
    await Promise.all([...all, kv.sync(), kv.suspend()])
    await kv.resume()
    await kv.close()
  }
})
