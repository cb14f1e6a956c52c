// The primary key that a storage holds, against the one that a caller gives.
import { MigratingStorage } from '@coreyard/hypercore-port/storage'
import type { StorageDatabase } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { nameOf, StorageError } from '../errors/storage-error.js'
import { toStorageError } from '../errors/to-storage-error.js'
import { explainOpening } from './store-head.js'

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
 * The primary key in a database, read without changing a byte. The database is closed then.
 *
 * @param path of the database, for errors
 * @returns 32 bytes; `null` if no key is stored
 */
export async function readPrimaryKey(database: StorageDatabase, path: string): Promise<Uint8Array | null> {
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

/** Reads the records without migrating them, because a migration writes. */
class UntouchedStorage extends MigratingStorage {
  override async migrateStore(): Promise<void> {
    await this.db.ready()
  }
}
