// The checks before hypercore-storage migrates a Corestore 6 directory. It moves each core into the database when
// the core is opened, and removes the files of the core. directory-storage.ts has what the migration needs to
// work.
import { openSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import FDLock from 'fd-lock'
import { exists } from '../directory/files.js'
import type { StoreFiles } from '../directory/layout.js'
import { StorageError } from '../errors/storage-error.js'

/** The size of Corestore 6's primary key file. */
const PRIMARY_KEY_BYTES = 32

/**
 * Throws if hypercore-storage must not migrate the directory. It would remove a primary key file of another size, and
 * a store that Corestore 6 has open would lose its files.
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
