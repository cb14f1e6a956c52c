// What is checked before hypercore-storage takes over a Corestore 6 directory: it moves each core into the
// database when that is opened, and removes the files it has taken over. What it needs for that to work is in
// directory-storage.ts.
import { openSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import FDLock from 'fd-lock'
import { exists } from '../directory/files.js'
import type { StoreFiles } from '../directory/layout.js'
import { StorageError } from '../errors/storage-error.js'

/** Of Corestore 6's primary key file. */
const PRIMARY_KEY_BYTES = 32

/**
 * Throws if there is a primary key file that hypercore-storage must not take over: one of another size would be
 * removed, too, and a store that Corestore 6 has open would lose its files.
 */
export async function checkCorestore6(files: StoreFiles): Promise<void> {
  if (!(await exists(files.primaryKey))) return
  const { size } = await stat(files.primaryKey)
  if (size !== PRIMARY_KEY_BYTES) {
    throw new StorageError(
      'STORAGE_CORRUPT',
      `${files.primaryKey} should be the primary key of a Corestore 6 store, 32 bytes, and has ${size}: ` +
        'put back the original, or move the file elsewhere if it is something else',
      files.directory,
    )
  }
  // The lock closes the file descriptor; a `FileHandle` would close it once more.
  const lock = new FDLock(openSync(files.primaryKey, 'r+'))
  await lock.ready()
  await lock.close()
}
