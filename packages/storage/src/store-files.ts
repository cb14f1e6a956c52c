// Which files make a store on disk, by engine, and what a directory holds before anything in it is touched. Nothing here writes,
// except `makeDirectory`.
import { mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The one file of the engine `'random-access'`, in a directory; and what a storage function is called with. */
export const STORE_FILE = 'store.kv'

/**
 * The files of a store, all of them absolute paths: those of Corestore 7's on-disk format (hypercore-storage 3), and that of the
 * engine `'random-access'`. A directory has either.
 */
export interface StoreFiles {
  readonly directory: string
  readonly randomAccess: string
  /** RocksDB's directory. */
  readonly database: string
  /** Ties the directory to the disk it was made on, and is locked while the store is open. */
  readonly device: string
  /** Corestore 6's primary key, 32 bytes; beside it, its cores. Corestore 7 takes both over and removes them. */
  readonly primaryKey: string
}

export function storeFiles(directory: string): StoreFiles {
  return {
    directory,
    randomAccess: join(directory, STORE_FILE),
    database: join(directory, 'db'),
    device: join(directory, 'CORESTORE'),
    primaryKey: join(directory, 'primary-key'),
  }
}

/** Whether RocksDB has a database in that directory: CURRENT names its newest manifest. */
export function hasDatabase(directory: string): Promise<boolean> {
  return exists(join(directory, 'CURRENT'))
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

/** Whether a file operation failed because the file is not there. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** Makes a directory and those above it. Node's own `recursive` never returns for one in /proc (20.20). */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    if (hasCode(error, 'ENOENT') && dirname(path) !== path) {
      await makeDirectory(dirname(path))
      await mkdir(path)
    } else if (!hasCode(error, 'EEXIST') || !(await stat(path)).isDirectory()) {
      throw error
    }
  }
}
