// Storages that answer in ways of their own: with any value as an error, by throwing, twice, or with nothing.

import { expect, test } from 'vitest'
import { RandomAccessKV } from '../src/index.js'
import { assertSound } from './support/model.js'
import { Memory } from './support/storages.js'

const key = Buffer.from('key')
const value = Buffer.alloc(20_000, 1)

const CALLS = ['read', 'write', 'stat', 'sync', 'truncate'] as const

/** An error of each kind that a storage may report. */
const ERRORS: unknown[] = ['text', 12, Symbol('error'), { code: 5 }, { message: 7 }, true]
/** What only `throw` makes an error. */
const NOTHINGS: unknown[] = [undefined, null, 0, '', false]

type Answer = (callback: (...args: unknown[]) => void) => void

/** Makes a method of a storage answer in another way. Returns how to undo that. */
function replace(storage: Memory, name: (typeof CALLS)[number], answer: Answer): () => void {
  Object.defineProperty(storage, name, {
    configurable: true,
    value: (...args: unknown[]) => answer(args.at(-1) as (...args: unknown[]) => void),
  })
  return () => Reflect.deleteProperty(storage, name)
}

async function opened(): Promise<{ storage: Memory; kv: RandomAccessKV }> {
  const storage = new Memory()
  const kv = new RandomAccessKV(storage, { cacheSize: 0 })
  await kv.put(key, value)
  return { storage, kv }
}

/** Calls everything. Returns what was rejected. */
async function callAll(kv: RandomAccessKV): Promise<unknown[]> {
  const errors: unknown[] = []
  const calls = [
    () => kv.put(Buffer.from('other'), value),
    () => kv.sync(),
    () => kv.get(key),
    () => kv.checkpoint(),
    () => kv.compact(),
    () => kv.verify(),
  ]
  for (const call of calls) await call().catch((error: unknown) => errors.push(error))
  return errors
}

async function assertWorks(kv: RandomAccessKV, what: string): Promise<void> {
  await kv.put(Buffer.from('last'), value)
  expect(await kv.get(key)).toEqual(value)
  await kv.checkpoint()
  await assertSound(kv, what)
  await kv.close()
}

for (const call of CALLS) {
  test(`whatever ${call} of a storage throws or reports comes out, and the store goes on`, async () => {
    const ways: [unknown, string, Answer][] = [
      ...ERRORS.map((error): [unknown, string, Answer] => [error, 'reports', (callback) => callback(error)]),
      ...[...ERRORS, ...NOTHINGS].map((error): [unknown, string, Answer] => [
        error,
        'throws',
        () => {
          throw error
        },
      ]),
    ]
    for (const [error, way, answer] of ways) {
      const { storage, kv } = await opened()
      const undo = replace(storage, call, answer)
      for (const rejected of await callAll(kv)) expect(rejected, `${way} ${String(error)}`).toBe(error)
      undo()
      await assertWorks(kv, `${way} ${String(error)}`)
    }
  })
}

test('an error that is not true is none, whether it comes at once or late', async () => {
  for (const nothing of NOTHINGS) {
    for (const isLate of [false, true]) {
      const { storage, kv } = await opened()
      const { write, sync } = storage
      const answer = (callback: (error: Error | null) => void) => () => {
        if (isLate) setImmediate(() => callback(nothing as null))
        else callback(nothing as null)
      }
      storage.write = (offset, data, callback) => write.call(storage, offset, data, answer(callback))
      storage.sync = (callback) => sync.call(storage, answer(callback))
      expect(await callAll(kv)).toEqual([])
      await assertWorks(kv, `called back with ${String(nothing)}`)
    }
  }
})

test('the first answer of a storage counts', async () => {
  const storage = new Memory()
  const { read, write } = storage
  const twice = new Error('twice')
  storage.read = (offset, size, callback) =>
    read.call(storage, offset, size, (error, data) => {
      callback(error, data)
      callback(twice, new Uint8Array(0))
    })
  storage.write = (offset, data, callback) =>
    write.call(storage, offset, data, (error) => {
      callback(error)
      callback(twice)
      setImmediate(callback, twice)
    })
  const kv = new RandomAccessKV(storage, { cacheSize: 0 })
  await kv.put(key, value)
  expect(await callAll(kv)).toEqual([])
  await assertWorks(kv, 'called back twice')
})

test('a read that succeeds without bytes, or with others than it was asked for, is damage', async () => {
  const { storage, kv } = await opened()
  for (const given of [undefined, new Uint8Array(3), Buffer.alloc(30_000)]) {
    const undo = replace(storage, 'read', (callback) => callback(null, given))
    const message = expect.stringContaining(`gave ${given?.length} of 20000 bytes`)
    // From the storage: values that are not safe yet are kept.
    await kv.sync()
    await expect(kv.get(key)).rejects.toMatchObject({ code: 'KV_DAMAGED', message })
    undo()
  }
  await assertWorks(kv, 'with short and long reads')
})
