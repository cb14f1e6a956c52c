// Closing: what is under way ends first, and a storage is let go of whether or not it was used.

import RAM from 'random-access-memory'
import { expect, test } from 'vitest'
import { RandomAccessKV, type RandomAccessStorage } from '../src/index.js'

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
  const key = new Uint8Array([1])
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
