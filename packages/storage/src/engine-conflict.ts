// A directory opens with the engine that wrote it: what is there is looked at before an engine makes a store of its own in it.
import { statSync } from 'node:fs'
import type { EngineName } from './options.js'
import { hasRootDatabase } from './root-database.js'
import { StorageError } from './storage-error.js'
import { exists, hasDatabase, type StoreFiles } from './store-files.js'

/** The engine that is asked for; else that of a store that is there, or RocksDB. */
export function engineFor(files: StoreFiles, wanted: EngineName | undefined): EngineName {
  return wanted ?? (hasStore(files.randomAccess) ? 'random-access' : 'rocksdb')
}

/** Throws `STORAGE_CONFLICT` if the directory holds a store of the engine `'random-access'`. */
export async function expectNoRandomAccess(files: StoreFiles): Promise<void> {
  // What keeps us from looking at it is an error here.
  if ((await exists(files.randomAccess)) && hasStore(files.randomAccess)) {
    throw otherEngine(files, 'random-access', files.randomAccess)
  }
}

/** Throws `STORAGE_CONFLICT` if the directory holds a store of RocksDB, or one of Corestore 6, which RocksDB takes over. */
export async function expectNoRocks(files: StoreFiles): Promise<void> {
  if (await hasDatabase(files.database)) throw otherEngine(files, 'rocksdb', files.database)
  if (await hasRootDatabase(files)) throw otherEngine(files, 'rocksdb', files.directory)
  if (await exists(files.primaryKey)) throw otherEngine(files, 'rocksdb', files.primaryKey)
}

/** Whether there is a store in that file. One of no bytes is none: its process has ended before it wrote to it. */
function hasStore(file: string): boolean {
  try {
    return statSync(file).size > 0
  } catch {
    return false
  }
}

function otherEngine(files: StoreFiles, engine: 'rocksdb' | 'random-access', found: string): StorageError {
  return new StorageError(
    'STORAGE_CONFLICT',
    `${files.directory} holds a store of the engine '${engine}' (${found}): open it with { engine: '${engine}' }, ` +
      'or choose another directory',
    files.directory,
  )
}
