// The source of a conversion, whatever keeps it: a store of either engine, or one of Corestore 6.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type StorageArgument, StorageError } from '@coreyard/storage'
import { openStore, type Source } from '@coreyard/storage/copying'
import type { ConvertOptions } from './convert-options.js'
import { openDirectory, openStorages, PRIMARY_KEY } from './corestore-6/source.js'

/**
 * Opens the source to be read. Nothing in it changes. Rejects with a `StorageError`.
 *
 * @param from with its path absolute, if it is one
 */
export async function openSource(from: StorageArgument, options: ConvertOptions): Promise<Source> {
  if (options.cores !== undefined && typeof from === 'function') {
    return openStorages(from, options.cores, options.signal)
  }
  try {
    return await openStore(from, options.from)
  } catch (error) {
    if (typeof from !== 'string' || !existsSync(join(from, PRIMARY_KEY)) || !isOlderOrNone(error)) throw error
    return openDirectory(from, options.signal)
  }
}

/** Whether an error says that there is no store of the present format. */
function isOlderOrNone(error: unknown): boolean {
  return (
    error instanceof StorageError &&
    (error.code === 'STORAGE_NOT_MIGRATED' || error.code === 'STORAGE_NO_STORE')
  )
}
