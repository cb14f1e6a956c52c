// Suspending and resuming without waiting for either: the last call counts. Reads that wait for the store to resume, and what is closed
// meanwhile.

import { expect, test, vi } from 'vitest'
import { RandomAccessKV } from '../src/index.js'
import { assertSound } from './support/model.js'
import { Door, Memory, random } from './support/storages.js'

const key = (i: number) => Buffer.from(`key ${i}`)
const puts = (value: number) =>
  Array.from({ length: 500 }, (_, i) => ({
    type: 'put' as const,
    key: key(i),
    value: Buffer.alloc(30, value),
  }))
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('a snapshot that is closed while the store is suspended answers the reads before from what it sees', async () => {
  const kv = new RandomAccessKV(new Door())
  await kv.batch(puts(1))
  const snapshot = kv.snapshot()
  // Copies what the snapshot sees. Only the snapshot needs it from here on.
  await kv.batch(puts(2))
  await kv.suspend()
  const reads = [snapshot.get(key(7)), snapshot.getMany([key(8)]).then(([value]) => value)]
  await turn()
  await snapshot.close()
  await kv.resume()
  for (const value of await Promise.all(reads)) expect(value).toEqual(Buffer.alloc(30, 1))
  await kv.close()
})

test.each([
  'suspend, resume, suspend',
  'suspend, resume, suspend, resume',
  'suspend, suspend, resume, resume, suspend',
  'resume, suspend',
  'resume, suspend, resume',
])('a store is what the last call says after %s', async (names) => {
  for (const isSuspended of [false, true]) {
    const storage = new Door()
    const kv = new RandomAccessKV(storage)
    await kv.batch(puts(1))
    if (isSuspended) await kv.suspend()
    const calls = names.split(', ') as ('suspend' | 'resume')[]
    await Promise.all(calls.map((name) => kv[name]()))
    expect(storage.isOpen).toBe(calls.at(-1) === 'resume')
    const reading = kv.get(key(1))
    await kv.resume()
    expect(await reading).toEqual(Buffer.alloc(30, 1))
    await kv.close()
  }
})

test('a store that could not be resumed lets go of its storage when it is suspended again', async () => {
  const storage = new Door()
  const kv = new RandomAccessKV(storage)
  await kv.batch(puts(1))
  await kv.suspend()
  const { read } = storage
  storage.read = (_offset, _size, callback) =>
    setImmediate(callback, new Error('EIO: simulated'), new Uint8Array(0))
  await expect(kv.resume()).rejects.toThrow('EIO')
  expect(storage.isOpen).toBe(true)
  await kv.suspend()
  expect(storage.isOpen).toBe(false)
  storage.read = read
  await kv.resume()
  expect(await kv.get(key(1))).toEqual(Buffer.alloc(30, 1))
  await kv.close()
})

test('suspending, resuming and other calls in any order leave a store that works, or is closed', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const draw = random(seed)
    const storage = new Door()
    const kv = new RandomAccessKV(storage, {
      pageSize: 512,
      logSize: 3000,
      sync: seed % 3 === 0 ? 1 : 'checkpoint',
    })
    const pending: Promise<unknown>[] = []
    const calls = [
      () => kv.suspend(),
      () => kv.resume(),
      () => kv.batch(puts(seed).slice(0, 20)),
      () => kv.get(key(3)),
      () => kv.sync(),
      () => kv.checkpoint(),
      () => kv.compact(),
      () => kv.iterator().next(),
      () => kv.snapshot().getMany([key(1)]),
    ]
    for (let i = 0; i < 25; i++) {
      const call = calls[Math.floor(draw() * calls.length)] as () => Promise<unknown>
      pending.push(call().catch((error: unknown) => error))
      for (let turns = Math.floor(draw() * 4); turns > 0; turns--) await turn()
    }
    if (seed % 2 === 0) {
      await kv.resume()
      for (const result of await Promise.all(pending)) expect(result).not.toBeInstanceOf(Error)
      await assertSound(kv, `seed ${seed}`)
      await kv.close()
    } else {
      await kv.close()
      for (const result of await Promise.all(pending))
        if (result instanceof Error) expect(result).toMatchObject({ code: 'KV_CLOSED' })
    }
    expect(storage.isOpen).toBe(false)
  }
})

test('a store that is suspended waits for no sync: closed, it lets the process end', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const kv = new RandomAccessKV(new Memory(), { sync: 60_000 })
    await kv.batch(puts(1))
    expect(vi.getTimerCount()).toBe(1)
    await kv.suspend()
    expect(vi.getTimerCount()).toBe(0)
    await kv.close()
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})
