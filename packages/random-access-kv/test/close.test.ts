// Closing and suspending: what is under way ends first, a storage is let go of whether or not it was used, and a store that cannot be
// suspended goes on.

import RAM from 'random-access-memory'
import { expect, test } from 'vitest'
import { RandomAccessKV, type RandomAccessStorage } from '../src/index.js'
import { assertSound } from './support/model.js'
import { Bytes, Door, Faulty, Late, Memory, random } from './support/storages.js'

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
  while (storage.held.length === 0) await ticks(1)
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
  while (suspends.length === 0) await ticks(1)
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

test('a store that was closed does not resume, and does not open its storage again', async () => {
  const closed = { code: 'KV_CLOSED' }
  const storage = new Door()
  const kv = new RandomAccessKV(storage)
  await kv.put(key, new Uint8Array([1]))
  await kv.suspend()
  await kv.close()
  await expect(kv.resume()).rejects.toMatchObject(closed)
  expect(storage.isOpen).toBe(false)
})

test('close waits for the end of a suspension that is under way', async () => {
  const storage = new Door()
  const kv = new RandomAccessKV(storage)
  await kv.put(key, new Uint8Array([1]))
  await kv.suspend()
  const opening = new Promise<void>((resolve) => {
    storage.onopening = resolve
  })
  const resuming = Promise.all([kv.resume(), kv.resume()])
  await opening
  await kv.close()
  await resuming
  expect(storage.isOpen).toBe(false)
})

/** Memory that answers late, and notes what is called once it was let go of. */
class Watched extends Late {
  /** What has let go of the storage; null if nothing has. */
  gone: string | null = null
  readonly strays: string[] = []

  #note(call: string): void {
    if (this.gone !== null) this.strays.push(`${call} after ${this.gone}`)
  }

  override read(...args: Parameters<Late['read']>): void {
    this.#note('read')
    super.read(...args)
  }

  override write(...args: Parameters<Late['write']>): void {
    this.#note('write')
    super.write(...args)
  }

  override stat(...args: Parameters<Late['stat']>): void {
    this.#note('stat')
    super.stat(...args)
  }

  override truncate(...args: Parameters<Late['truncate']>): void {
    this.#note('truncate')
    super.truncate(...args)
  }

  sync(callback: (error: Error | null) => void): void {
    this.#note('sync')
    setImmediate(callback, null)
  }
}

async function ticks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** Calls anything, and waits for nothing. Returns what was called. */
async function callAtRandom(kv: RandomAccessKV, draw: () => number, count: number): Promise<unknown[]> {
  const at = () => Buffer.from(`key ${Math.floor(draw() * 40)}`)
  const value = () => Buffer.alloc(draw() < 0.3 ? 50 : 9000, draw() * 256)
  const read = async () => {
    for await (const _ of kv.iterator()) await null
  }
  const calls: (() => Promise<unknown>)[] = [
    () => kv.put(at(), value()),
    () => kv.put(at(), value()),
    () => kv.batch([{ type: 'clear', gte: at() }]),
    () => kv.compact(),
    () => kv.compact(),
    () => kv.checkpoint(),
    () => kv.sync(),
    () => kv.verify(),
    () => kv.get(at()),
    read,
  ]
  const pending: Promise<unknown>[] = []
  for (let i = 0; i < count; i++) {
    const call = calls[Math.floor(draw() * calls.length)] as () => Promise<unknown>
    pending.push(call().catch((error: unknown) => error))
    if (draw() < 0.3) await ticks(Math.floor(draw() * 6))
  }
  return pending
}

test('nothing is called on a storage that was let go of, whatever was under way, and the next store finds all', async () => {
  const strays: string[] = []
  for (let seed = 1; seed <= 150; seed++) {
    const draw = random(seed)
    const bytes = new Bytes()
    const storage = new Watched(bytes, seed)
    const cacheSize = seed % 2 === 0 ? 0 : 1 << 20
    const kv = new RandomAccessKV(storage, { pageSize: 512, logSize: 2000, cacheSize })
    for (let i = 0; i < 40; i++) await kv.put(Buffer.from(`key ${i}`), Buffer.alloc(9000, i))
    await kv.batch([{ type: 'clear', gte: Buffer.from('key 1'), lt: Buffer.from('key 4') }])
    const pending = await callAtRandom(kv, draw, 15)
    if (draw() < 0.5) {
      await kv.suspend()
      storage.gone = 'suspend'
      await ticks(20)
      storage.gone = null
      await kv.resume()
      pending.push(...(await callAtRandom(kv, draw, 10)))
    }
    await kv.close()
    storage.gone = 'close'
    await ticks(20)
    const ended = await Promise.all(pending)
    for (const stray of storage.strays) strays.push(`${stray} with seed ${seed}`)
    for (const error of ended) if (error instanceof Error) expect(error).toMatchObject({ code: 'KV_CLOSED' })
    await using next = new RandomAccessKV(new Memory(bytes))
    await assertSound(next, `after seed ${seed}`)
  }
  expect(strays).toEqual([])
})
