// The source of a conversion: a store of either engine, or a store of Corestore 6.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type StorageArgument, StorageError } from '@coreyard/storage'
import { openStore, type Source } from '@coreyard/storage/copying'
import type { ConvertOptions } from './convert-options.js'
import { openDirectory, openStorages, PRIMARY_KEY } from './corestore-6/source.js'

/**
 * Opens the source to be read. Nothing in it changes. Rejects with a `StorageError`.
 *
 * @param from if it is a path, it must be absolute
 */
export async function openSource(from: StorageArgument, options: ConvertOptions): Promise<Source> {
  if (options.cores !== undefined && typeof from === 'function') {
    return openStorages(from, options.cores, options.signal)
  }
  try {
    return await openStore(from, options.from)
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
    const isNone = error.code === 'STORAGE_NO_STORE'
    const isOlder = isNone || error.code === 'STORAGE_NOT_MIGRATED'
    if (isOlder && typeof from === 'string' && existsSync(join(from, PRIMARY_KEY))) {
      return openDirectory(from, options.signal)
    }
    throw isNone ? noStore(error) : error
  }
}

/** The error in terms of `convert`, whose caller did not choose a read-only storage. */
function noStore({ directory, cause }: StorageError): StorageError {
  const isMissing = directory !== null && !existsSync(directory)
  const what = isMissing ? 'does not exist' : 'holds no store to convert'
  return new StorageError(
    'STORAGE_NO_STORE',
    `${directory ?? 'The storage'} ${what}: give the storage of a store, of this version or of Corestore 6 or 7`,
    directory,
    { cause },
  )
}
