// The methods of hypercore-storage that are overridden, and when it calls them.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MigratingStorage, nativeDatabase, readOnlyView } from '../../src/storage.js'
import { directory, later, newCore, storage } from '../live.js'

const Database = nativeDatabase({ explainWrite: (error) => error, endStream: () => {} })

test('hypercore-storage calls _migrateStore before it reads, and once', async () => {
  const calls: string[] = []
  class Observed extends MigratingStorage {
    override async migrateStore(): Promise<void> {
      calls.push('migrateStore')
      await super.migrateStore()
    }
  }
  const observed = new Observed(new Database(join(await directory(), 'db')))
  later(() => observed.close())
  const read = observed.getSeed().then(() => calls.push('read'))
  await read
  await observed.getSeed()
  expect(calls).toEqual(['migrateStore', 'read'])
})

test('a storage that migrateStore fails for rejects what is read of it', async () => {
  const failure = new Error('not now')
  class Failing extends MigratingStorage {
    override migrateStore(): Promise<void> {
      return Promise.reject(failure)
    }
  }
  const failing = new Failing(new Database(join(await directory(), 'db')))
  later(() => failing.rocks.close())
  await expect(failing.getSeed()).rejects.toBe(failure)
  await expect(failing.hasCore(Buffer.alloc(32))).rejects.toBe(failure)
})

test('a read-only view reads what is stored, and writes nothing through db or rocks', async () => {
  const made = await storage()
  await made.setSeed(Buffer.alloc(32, 1))
  const refusal = new Error('read-only')
  const view = readOnlyView(made, () => refusal)
  expect(await view.getSeed()).toEqual(Buffer.alloc(32, 1))
  await expect(view.setSeed(Buffer.alloc(32, 2))).rejects.toBe(refusal)
  const { key, discoveryKey } = await newCore()
  await expect(view.createCore({ key: key ?? expect.fail('It has a key'), discoveryKey })).rejects.toBe(
    refusal,
  )
})

test('a read-only view of an empty storage writes no head', async () => {
  const made = await storage()
  const view = readOnlyView(made, () => new Error('read-only'))
  expect(await view.getSeed()).toBeNull()
  const found: unknown[] = []
  for await (const entry of made.db.iterator({})) found.push(entry)
  expect(found).toEqual([])
})
