// The sessions of rocksdb-native, and its lock.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nativeDatabase } from '../../src/storage.js'
import { directory, later } from '../live.js'

test('RocksDB makes snapshots and column families by session, and all share _state', async () => {
  const Database = nativeDatabase({ explainWrite: (error) => error, endStream: () => {} })
  const database = new Database(join(await directory(), 'db'))
  later(() => database.close())
  await database.ready()
  const sessions = [database.session(), database.snapshot(), database.columnFamily('default')]
  for (const session of sessions) {
    later(() => session.close())
    expect(session).toBeInstanceOf(Database)
    expect(Reflect.get(session, '_state')).toBe(Reflect.get(database, '_state'))
  }
})

test('RocksDB that is closed ends the streams of all its sessions through endStream', async () => {
  const ended: unknown[] = []
  const Database = nativeDatabase({
    explainWrite: (error) => error,
    endStream: (stream) => {
      ended.push(stream)
      stream.destroy()
    },
  })
  const database = new Database(join(await directory(), 'db'))
  await database.ready()
  const session = database.session()
  const streams = [database.iterator({}), session.iterator({})]
  await session.close()
  await database.close()
  expect(ended).toEqual(streams)
})

test('a write that RocksDB refuses rejects with the explained error, each time', async () => {
  const explained = new Error('explained')
  const Database = nativeDatabase({ explainWrite: () => explained, endStream: () => {} })
  const path = join(await directory(), 'db')
  const writable = new Database(path)
  await writable.ready()
  await writable.close()
  const database = new Database(path, { readOnly: true })
  later(() => database.close())
  await database.ready()
  for (let count = 0; count < 2; count++) {
    const batch = database.write({ autoDestroy: true })
    batch.tryPut(Buffer.from('a'), Buffer.from('b'))
    await expect(batch.flush()).rejects.toBe(explained)
  }
})

test('RocksDB waits for its lock before it touches anything', async () => {
  const Database = nativeDatabase({ explainWrite: (error) => error, endStream: () => {} })
  const path = join(await directory(), 'db')
  const refusal = new Error('refused')
  const lock = { ready: () => Promise.reject(refusal), transfer: () => -1, close: async () => {} }
  await expect(new Database(path, { lock }).ready()).rejects.toBe(refusal)
  expect(existsSync(path)).toBe(false)
})
