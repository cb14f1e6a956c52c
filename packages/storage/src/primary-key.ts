// The primary key that a storage holds, against the one that a caller gives.
import { readFile } from 'node:fs/promises'
import type { StorageDatabase } from '@coreyard/hypercore-types'
import { RandomAccessKV } from '@coreyard/random-access-kv'
import { FileStorage } from '@coreyard/random-access-kv/file'
import b4a from 'b4a'
import RocksDB from 'rocksdb-native'
import { RandomAccessDatabase } from './database/random-access-database.js'
import { UntouchedStorage } from './directory-storage.js'
import { toStorageError } from './recognise.js'
import { nameOf, StorageError } from './storage-error.js'
import { exists, hasDatabase, type StoreFiles } from './store-files.js'
import { explainOpening } from './unfinished.js'

/** Throws `STORAGE_CONFLICT` if both are there and differ. Neither shows in the message. */
export function expectSameKey(
  stored: Uint8Array | null,
  wanted: Uint8Array | null,
  directory: string | null,
): void {
  if (stored === null || wanted === null || b4a.equals(stored, wanted)) return
  throw new StorageError(
    'STORAGE_CONFLICT',
    `${nameOf(directory)} holds a store with another primary key: leave out primaryKey to open it with its own, ` +
      'or choose another directory',
    directory,
  )
}

/**
 * The primary key in a directory, read without changing a byte, so that a wrong one can be refused before the
 * store is opened.
 *
 * @param database the directory with RocksDB's files, if there are any
 * @returns 32 bytes; `null` if no key is stored
 */
export async function storedPrimaryKey(files: StoreFiles, database: string): Promise<Uint8Array | null> {
  const key = (await hasDatabase(database)) ? await keyInDatabase(database) : null
  if (key !== null || !(await exists(files.primaryKey))) return key
  return readFile(files.primaryKey)
}

/**
 * The primary key in a file of the engine `'random-access'`, read without changing a byte.
 *
 * @returns 32 bytes; `null` if no key is stored
 */
export function primaryKeyInFile(
  file: string,
  { lock }: { readonly lock: boolean },
): Promise<Uint8Array | null> {
  const kv = new RandomAccessKV(new FileStorage(file, { readOnly: true, lock }), { readOnly: true })
  return keyIn(RandomAccessDatabase.over(kv, file), file)
}

function keyInDatabase(directory: string): Promise<Uint8Array | null> {
  return keyIn(new RocksDB(directory, { readOnly: true }), directory)
}

async function keyIn(database: StorageDatabase, path: string): Promise<Uint8Array | null> {
  const storage = new UntouchedStorage(database, { readOnly: true })
  try {
    return await storage.getSeed()
  } catch (error) {
    // The process that made the files ended before it made a store of them.
    if (toStorageError(error, path).code === 'STORAGE_NO_STORE') return null
    throw await explainOpening(error, storage)
  } finally {
    // What could not be opened holds nothing, and cannot be closed.
    if (storage.opened) await storage.close()
  }
}
