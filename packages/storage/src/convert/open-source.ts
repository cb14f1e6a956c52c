// The source of a conversion, whatever keeps it: a store of either engine, or one of Corestore 6.
import { readArgument, type StorageArgument } from '../options.js'
import { StorageError } from '../storage-error.js'
import { exists, storeFiles } from '../store-files.js'
import { openDirectory, openStorages } from './corestore-6/source.js'
import type { ConvertOptions } from './options.js'
import { openStore, type Source } from './source.js'

/** Opens it to be read; nothing in it changes. Rejects with a `StorageError`. */
export async function openSource(from: StorageArgument, options: ConvertOptions): Promise<Source> {
  if (options.cores !== undefined && typeof from === 'function') {
    return openStorages(from, options.cores, options.signal)
  }
  try {
    return await openStore(from, options)
  } catch (error) {
    const directory = await corestore6Directory(from, options)
    if (directory === null || !isOlderOrNone(error)) throw error
    return openDirectory(directory, options.signal)
  }
}

/** Whether it says that there is no store of the present format. */
function isOlderOrNone(error: unknown): boolean {
  return (
    error instanceof StorageError &&
    (error.code === 'STORAGE_NOT_MIGRATED' || error.code === 'STORAGE_NO_STORE')
  )
}

/** The directory, if there is the primary key of a Corestore 6 in it. */
async function corestore6Directory(from: StorageArgument, options: ConvertOptions): Promise<string | null> {
  if (typeof from !== 'string') return null
  const source = readArgument(from, options.from?.engine)
  if (!('directory' in source)) return null
  return (await exists(storeFiles(source.directory).primaryKey)) ? source.directory : null
}
