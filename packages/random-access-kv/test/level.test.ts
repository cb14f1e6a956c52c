// The Level face is judged by abstract-level's own test suite.

import RAM from 'random-access-memory'
import tape from 'tape'
import { expect, test } from 'vitest'
import { RandomAccessLevel } from '../src/level.js'
import { Memory } from './support/storages.js'

type Suite = (options: { test: unknown; factory: (options: object) => RandomAccessLevel }) => void

test("passes abstract-level's own test suite", async () => {
  const { default: suite } = (await import('abstract-level/test' as string)) as { default: Suite }
  const harness = tape.createHarness()
  const failures: string[] = []
  let assertions = 0
  harness
    .createStream({ objectMode: true })
    .on('data', (row: { type: string; ok?: boolean; name?: string }) => {
      if (row.type !== 'assert') return
      assertions++
      if (row.ok === false) failures.push(JSON.stringify(row))
    })
  const finished = new Promise<void>((resolve) => harness.onFinish(() => resolve()))
  suite({ test: harness, factory: (options) => new RandomAccessLevel(RAM.reusable(), options) })
  await finished
  expect(failures).toEqual([])
  expect(assertions).toBeGreaterThan(2000)
})

test('has and hasMany read no values', async () => {
  const storage = new Memory()
  const db = new RandomAccessLevel<string, Buffer>(storage, { valueEncoding: 'buffer', cacheSize: 0 })
  for (const name of ['a', 'b', 'c']) await db.put(name, Buffer.alloc(1_000_000))
  await db.kv.checkpoint()
  await db.del('b')
  const snapshot = db.snapshot()
  await db.del('c')
  let bytes = 0
  const { read } = storage
  storage.read = (offset, size, callback) => {
    bytes += size
    read.call(storage, offset, size, callback)
  }
  expect([await db.has('a'), await db.has('b'), await db.has('c')]).toEqual([true, false, false])
  expect(await db.hasMany(['c', 'a', 'd', 'b'])).toEqual([false, true, false, false])
  expect(await db.hasMany(['c', 'a', 'd', 'b'], { snapshot })).toEqual([true, true, false, false])
  expect(await db.has('c', { snapshot })).toBe(true)
  expect(bytes).toBeLessThan(1_000_000)
  await snapshot.close()
  expect((await db.kv.stats()).snapshots).toBe(0)
  await db.close()
})
