// What this package relies on in hypercore-storage and rocksdb-native without their promising it. If an upgrade
// breaks one of these, the file named in the test has to change.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import HypercoreStorage from 'hypercore-storage'
import RocksDB from 'rocksdb-native'
import { expect, it, onTestFinished } from 'vitest'
import { emptyDirectory } from './directories.js'
import { engineOf } from './engines.js'

it('there is one copy of rocksdb-native, ours and that of hypercore-storage (storage-engine.ts)', () => {
  const require = createRequire(import.meta.url)
  const theirs = createRequire(require.resolve('hypercore-storage')).resolve('rocksdb-native')
  expect(require.resolve('rocksdb-native')).toBe(theirs)
})

it('hypercore-storage moves the files of others when it is given a path (directory-gate.ts)', () => {
  const directory = emptyDirectory()
  writeFileSync(join(directory, 'config.json'), '{}')
  new HypercoreStorage(directory)
  expect(readdirSync(directory)).toEqual(['db'])
})

it('hypercore-storage given a database touches nothing, and takes the directory above it (storage-engine.ts)', () => {
  const directory = emptyDirectory()
  mkdirSync(join(directory, 'other'))
  const storage = new HypercoreStorage(new RocksDB(join(directory, 'db')), { allowBackup: false })
  expect(storage.path).toBe(directory)
  expect(readdirSync(directory)).toEqual(['other'])
})

it('RocksDB waits for its lock before it touches anything, asks for it once, and closes it last (directory-gate.ts)', async () => {
  const directory = join(emptyDirectory(), 'db')
  const calls: string[] = []
  const rocks = new RocksDB(directory, {
    lock: {
      async ready() {
        calls.push(`ready, ${existsSync(directory) ? 'made' : 'not made'}`)
      },
      transfer() {
        calls.push('transfer')
        return -1
      },
      async close() {
        calls.push(`close, ${existsSync(join(directory, 'LOCK')) ? 'made' : 'not made'}`)
      },
    },
  })
  await Promise.all([rocks.ready(), rocks.ready()])
  await rocks.close()
  expect(calls).toEqual(['ready, not made', 'transfer', 'close, made'])
})

it('RocksDB does not open if its lock refuses, and says what the lock says (directory-gate.ts)', async () => {
  const directory = join(emptyDirectory(), 'db')
  const refusal = new Error('refused')
  const lock = { ready: () => Promise.reject(refusal), transfer: () => -1, close: async () => {} }
  const storage = new HypercoreStorage(new RocksDB(directory, { lock }))
  await expect(storage.ready()).rejects.toBe(refusal)
  await expect(storage.getSeed()).rejects.toBe(refusal)
  expect(existsSync(directory)).toBe(false)
})

it('the device file is that of Corestore 7 (device-lock.ts)', async () => {
  const directory = emptyDirectory()
  const engine = engineOf(directory, { id: 'laptop' })
  await engine.open()
  await engine.close()
  const storage = new HypercoreStorage(directory, { id: 'laptop' })
  onTestFinished(() => storage.close())
  await storage.ready()
})

it('an open RocksDB refuses a column family that it was not opened with, with this message (open-database.ts)', async () => {
  const rocks = new RocksDB(join(emptyDirectory(), 'db'))
  const declared = rocks.columnFamily('declared')
  await rocks.ready()
  expect(() => rocks.columnFamily('other')).toThrow('Unknown column family')
  const again = rocks.columnFamily('declared')
  for (const session of [declared, again, rocks]) await session.close()
})
