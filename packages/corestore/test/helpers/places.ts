// Where the stores of a test live: on the storage of the project that runs it (vitest.config.ts), which is decided here and
// nowhere else.

import { createHash } from 'node:crypto'
import RAM from 'random-access-memory'
import { inject } from 'vitest'
import type { StorageArgument, StoreOptions } from '../../src/index.js'
import { directoryHash, emptyDirectory } from './directories.js'
import { LateFile, LateStorage } from './late-storage.js'

/** RocksDB, random-access-memory, files of the engine `'random-access'`, and a storage of one's own. */
export type StorageName = 'rocksdb' | 'memory' | 'files' | 'late'

declare module 'vitest' {
  export interface ProvidedContext {
    storage: StorageName
  }
}

/** Where a store lives. It lasts as long as the test: a store that is opened there finds what an earlier one has stored. */
export interface Place {
  readonly storage: StorageArgument
  /** What a store there needs to be told. */
  readonly options: StoreOptions
  /** Everything that it holds, to tell whether anything has changed: a hash for each file, by its path. Nothing yet: `{}`. */
  content(): Promise<Record<string, string>>
}

/** A new place, with nothing there. */
export function newPlace(storage: StorageName = inject('storage')): Place {
  return PLACES[storage]()
}

const PLACES: Readonly<Record<StorageName, () => Place>> = {
  rocksdb: () => placeIn(emptyDirectory(), 'rocksdb'),
  files: () => placeIn(emptyDirectory(), 'files'),
  memory() {
    const storage = RAM.reusable()
    return {
      storage,
      options: {},
      content: async () => contentOf(await readAll(storage('store.kv'))),
    }
  },
  late() {
    const file = new LateFile()
    return { storage: () => new LateStorage(file), options: {}, content: async () => contentOf(file.bytes) }
  },
}

/** What a store in a directory needs to be told, on the storages that are directories. */
const IN_DIRECTORIES: Readonly<Partial<Record<StorageName, StoreOptions>>> = {
  rocksdb: {},
  files: { engine: 'random-access' },
}

/** The place that a directory is, for a test whose project has its stores in directories. */
export function placeIn(directory: string, storage: StorageName = inject('storage')): Place {
  const options = IN_DIRECTORIES[storage]
  if (options === undefined) throw new Error(`A store on ${storage} is in no directory`)
  return { storage: directory, options, content: async () => directoryHash(directory) }
}

function contentOf(bytes: Uint8Array): Record<string, string> {
  return bytes.length === 0 ? {} : { 'store.kv': createHash('sha256').update(bytes).digest('hex') }
}

function readAll(memory: RAM): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    memory.stat((_, stat) => {
      const size = stat?.size ?? 0
      memory.read(0, size, (error, bytes) => (error ? reject(error) : resolve(bytes ?? new Uint8Array(0))))
    })
  })
}
