// The primary key that a storage holds, against the one that a caller gives.
import { MigratingStorage } from '@coreyard/hypercore-port/storage'
import type { StorageDatabase } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { nameOf, StorageError } from '../errors/storage-error.js'
import { toStorageError } from '../errors/to-storage-error.js'
import { explainOpening } from './store-head.js'

/** Throws `STORAGE_CONFLICT` if both keys exist and differ. The message shows neither. */
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
 * Reads the primary key in a database without changing a byte, and closes the database.
 *
 * @param path the path of the database, for errors
 * @returns 32 bytes; `null` if no key is stored
 */
export async function readPrimaryKey(database: StorageDatabase, path: string): Promise<Uint8Array | null> {
  const storage = new UntouchedStorage(database, { readOnly: true })
  try {
    return await storage.getSeed()
  } catch (error) {
    // The process that created the files ended before it wrote a store into them.
    if (toStorageError(error, path).code === 'STORAGE_NO_STORE') return null
    throw await explainOpening(error, storage)
  } finally {
    // A storage that could not be opened holds nothing, and cannot be closed.
    if (storage.opened) await storage.close()
  }
}

/** Reads the records without migrating them, because a migration writes. */
class UntouchedStorage extends MigratingStorage {
  override async migrateStore(): Promise<void> {
    await this.db.ready()
  }
}
