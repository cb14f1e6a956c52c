// The primary key that a storage holds, against the one that a caller gives.
import { readFile } from 'node:fs/promises'
import b4a from 'b4a'
import RocksDB from 'rocksdb-native'
import { UntouchedStorage } from './directory-storage.js'
import { toStorageError } from './recognise.js'
import { nameOf, StorageError } from './storage-error.js'
import { exists, hasDatabase, type StoreFiles } from './store-files.js'

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

async function keyInDatabase(database: string): Promise<Uint8Array | null> {
  const storage = new UntouchedStorage(new RocksDB(database, { readOnly: true }), { readOnly: true })
  try {
    return await storage.getSeed()
  } catch (error) {
    // RocksDB had made its files, but the process ended before it made the store's column family.
    if (toStorageError(error, database).code === 'STORAGE_EMPTY') return null
    throw error
  } finally {
    // What could not be opened holds nothing, and cannot be closed.
    if (storage.opened) await storage.close()
  }
}
