// The option `sync` as a number of milliseconds: what was acknowledged becomes safe, also if a sync fails and nothing else is called.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { RandomAccessKV } from '../src/index.js'
import { contents } from './support/model.js'
import { Bytes, Memory, PowerCut } from './support/storages.js'

const key = Buffer.from('key')

/** More timers than go off before anything here is done. */
const ENOUGH = 1000

/** The next timer goes off, and what it has begun goes on. */
async function later(): Promise<void> {
  await vi.advanceTimersToNextTimerAsync()
  await new Promise((resolve) => setImmediate(resolve))
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test.each([1, 3])(
  'a batch is safe once the disk works again, after %i syncs have failed and forgotten it',
  async (failures) => {
    for (let seed = 0; seed < 5; seed++) {
      const storage = new PowerCut(new Uint8Array(0), Number.POSITIVE_INFINITY, seed)
      storage.forgets = true
      const kv = new RandomAccessKV(storage, { sync: 50 })
      await kv.ready()
      storage.failingSyncs = 1
      await kv.put(key, Buffer.alloc(100, 7))
      for (let i = 0; i < ENOUGH && storage.faults < failures; i++) await later()
      storage.failingSyncs = 0
      for (let i = 0; i < ENOUGH && (await kv.stats()).checkpoints === 0; i++) await later()
      const left = new RandomAccessKV(new Memory(Bytes.from(storage.survivors())))
      expect(await contents(left)).toEqual([[key, Buffer.alloc(100, 7)]])
      expect(vi.getTimerCount()).toBe(0)
    }
  },
)

test('a store that is closed while its syncs fail tries no more', async () => {
  const storage = new PowerCut(new Uint8Array(0), Number.POSITIVE_INFINITY, 1)
  const kv = new RandomAccessKV(storage, { sync: 50 })
  await kv.ready()
  storage.failingSyncs = 1
  await kv.put(key, Buffer.alloc(100, 7))
  await vi.advanceTimersToNextTimerAsync()
  const timed = vi.advanceTimersToNextTimerAsync()
  await expect(kv.close()).rejects.toMatchObject({ code: 'EIO' })
  await timed
  await new Promise((resolve) => setImmediate(resolve))
  expect(vi.getTimerCount()).toBe(0)
})
