// The seam between hypercore-storage and the database beneath: its members, a recorder of which ones are used, and both
// databases that stand behind it.
import { join } from 'node:path'
import type { StorageDatabase } from '@coreyard/hypercore-types'
import { RandomAccessKV, type RandomAccessStorage } from '@coreyard/random-access-kv'
import RAM from 'random-access-memory'
import RocksDB from 'rocksdb-native'
import { onTestFinished } from 'vitest'
import { RandomAccessDatabase } from '../src/database/random-access-database.js'
import { emptyDirectory } from './directories.js'
import { LateStorage } from './storages.js'

/** What hypercore-storage 3.3.2 uses of each object, and so what src/database has to offer. */
export const SEAM = {
  database: [
    '_index',
    '_snapshot',
    '_state',
    'close',
    'closed',
    'columnFamily',
    'compactRange',
    'flush',
    'iterator',
    'opened',
    'path',
    'read',
    'ready',
    'resume',
    'session',
    'snapshot',
    'snapshotted',
    'suspend',
    'write',
  ],
  state: ['closing'],
  'read batch': ['destroy', 'get', 'tryFlush'],
  'write batch': ['flush', 'tryDelete', 'tryDeleteRange', 'tryPut'],
} as const

type Part = keyof typeof SEAM

/** Members that were used, by part of the seam. */
export type Used = Record<Part, Set<string>>

// What the members of a database give.
const PARTS: Readonly<Record<string, Part>> = {
  session: 'database',
  snapshot: 'database',
  columnFamily: 'database',
  read: 'read batch',
  write: 'write batch',
  _state: 'state',
}

/** The database, and which of its members are used from now on. */
export function recorded(database: StorageDatabase): { database: StorageDatabase; used: Used } {
  const used: Used = {
    database: new Set(),
    state: new Set(),
    'read batch': new Set(),
    'write batch': new Set(),
  }
  return { database: record(database, 'database', used), used }
}

function record<T extends object>(object: T, part: Part, used: Used): T {
  return new Proxy(object, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof name !== 'string') return value
      used[part].add(name)
      const given = part === 'database' ? PARTS[name] : undefined
      const wrap = (result: unknown): unknown =>
        given !== undefined && typeof result === 'object' && result !== null
          ? record(result, given, used)
          : result
      if (typeof value !== 'function') return wrap(value)
      return (...args: unknown[]) => wrap(Reflect.apply(value, target, args))
    },
  })
}

/** The databases that hypercore-storage can bind to, each new and closed when the test has finished. */
export const DATABASES: readonly (readonly [name: string, make: () => StorageDatabase])[] = [
  ['rocksdb-native', () => closedLater(new RocksDB(join(emptyDirectory(), 'db')))],
  ['random-access-kv in memory', () => overKv(new RAM())],
  ['random-access-kv on a storage that answers late', () => overKv(new LateStorage())],
]

function overKv(storage: RandomAccessStorage): StorageDatabase {
  return closedLater(RandomAccessDatabase.over(new RandomAccessKV(storage), '/nowhere/store.kv'))
}

function closedLater(database: StorageDatabase): StorageDatabase {
  onTestFinished(() => database.close())
  return database
}
