// Which files make a store on disk, by engine, and what a directory holds before anything in it is touched. Nothing here writes,
// except `makeDirectory` and what keeps files private.
import { chmod, mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Only the owner of a directory can look into it. */
const PRIVATE_DIRECTORY = { mode: 0o700 }
/** Only the owner of a file can read it. */
export const PRIVATE_FILE = 0o600

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
  /** Where Corestore 7 moves the file of the engine `'random-access'`, when it opens the directory. */
  readonly moved: string
  /** Ties the directory to the disk it was made on, and is locked while the store is open. */
  readonly device: string
  /** Corestore 6's primary key, 32 bytes; beside it, its cores. Corestore 7 takes both over and removes them. */
  readonly primaryKey: string
  /** Corestore 5's primary key, 32 bytes; beside it, its cores, which Hypercore 11 cannot read. */
  readonly masterKey: string
}

export function storeFiles(directory: string): StoreFiles {
  return {
    directory,
    randomAccess: join(directory, STORE_FILE),
    database: join(directory, 'db'),
    moved: join(directory, 'db', STORE_FILE),
    device: join(directory, 'CORESTORE'),
    primaryKey: join(directory, 'primary-key'),
    masterKey: join(directory, 'master_key'),
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

/** Makes a directory and those above it, for their owner only: a store holds secret keys. Node's own `recursive` never returns for one in /proc (20.20). */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, PRIVATE_DIRECTORY)
  } catch (error) {
    if (hasCode(error, 'ENOENT') && dirname(path) !== path) {
      await makeDirectory(dirname(path))
      await mkdir(path, PRIVATE_DIRECTORY)
    } else if (!hasCode(error, 'EEXIST') || !(await stat(path)).isDirectory()) {
      throw error
    }
  }
}

/** Lets only its owner read a file. Where there are no permissions, nothing happens. */
export async function makePrivate(file: string): Promise<void> {
  try {
    await chmod(file, PRIVATE_FILE)
  } catch (error) {
    // RocksDB removes files by itself. Of a file of another user, its directory is what protects it.
    if (!isMissing(error) && !hasCode(error, 'EPERM') && !hasCode(error, 'ENOTSUP')) throw error
  }
}

/** Lets only their owner read the files in a directory, if `makeDirectory` made it. RocksDB makes its files for everybody. */
export async function makeFilesPrivate(directory: string): Promise<void> {
  try {
    if (((await stat(directory)).mode & 0o777) !== PRIVATE_DIRECTORY.mode) return
    const entries = await readdir(directory, { withFileTypes: true })
    for (const entry of entries) if (entry.isFile()) await makePrivate(join(directory, entry.name))
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}
