// What hypercore-storage reads of its database that RocksDB does not document.

import { join } from 'node:path'
import type { StorageDatabase } from '@coreyard/hypercore-types'
import Hypercore from 'hypercore'
import { expect, test } from 'vitest'
import { BoundDatabase, MigratingStorage, nativeDatabase } from '../../src/storage.js'
import { directory, later } from '../live.js'

const Database = nativeDatabase({ explainWrite: (error) => error, endStream: () => {} })

/** A database, and each session that it makes, whose members with an underscore are recorded when they are read. */
function recorded(database: StorageDatabase, read: Set<string>): StorageDatabase {
  return new Proxy(database, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof name === 'string' && name.startsWith('_')) read.add(name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(value, target, args)
        return result instanceof Database ? recorded(result, read) : result
      }
    },
  })
}

test('hypercore-storage reads no other private members of a database than a BoundDatabase has', async () => {
  const read = new Set<string>()
  const storage = new MigratingStorage(recorded(new Database(join(await directory(), 'db')), read))
  later(() => storage.close())
  const core = new Hypercore(storage, { group: Buffer.alloc(32) })
  await core.append(['a', 'b'])
  await core.get(0)
  const snapshot = core.snapshot()
  await snapshot.get(1)
  const draft = core.session({ name: 'draft' })
  await draft.append('c')
  for (const session of [draft, snapshot]) await session.close()
  await core.clear(0)
  await core.truncate(1)
  await core.close()
  const known = Object.getOwnPropertyNames(BoundDatabase.prototype)
  expect([...read].filter((name) => !known.includes(name))).toEqual([])
  expect([...read]).toContain('_snapshot')
})
