// Ready-made storage arguments: files and memory.
import { join } from 'node:path'
import { FileStorage } from '@coreyard/random-access-kv/file'
import { badArgument, checkBooleans, describe, refuseMisspelled } from '../errors/bad-argument.js'
import { MemoryFile, MemoryStorage } from './memory-storage.js'
import { type DirectoryUrl, namedDirectory } from './named-directory.js'
import type { RandomAccessFunction } from './random-access-argument.js'

/** The options of `fileStorage`. */
export interface FileStorageOptions {
  /** Lock the files, so that no other store in this or another process can open them. Default: `true`. */
  readonly lock?: boolean | undefined
  /**
   * Wait until data that must survive a power cut is on the disk. `false` is faster, but a power cut can damage the store.
   * Default: `true`.
   */
  readonly sync?: boolean | undefined
}

/** A directory, and the options of `fileStorage`. */
export interface FileDirectory {
  /** Absolute. */
  readonly directory: string
  readonly lock: boolean
  readonly sync: boolean
}

/** The directories of the functions that `fileStorage` made. */
const made = new WeakMap<object, FileDirectory>()

/**
 * Returns a storage argument for a directory with the engine `'random-access'`.
 *
 * The returned function can also be called with a file name, for packages that take such a function: it returns the storage of that file
 * in the directory. The directory and the file are created when the storage opens, if they do not exist.
 *
 * @throws a `TypeError` with the code `BAD_ARGUMENT`
 */
export function fileStorage(
  directory: string | DirectoryUrl,
  options: FileStorageOptions = {},
): RandomAccessFunction {
  const path = namedDirectory(directory)
  if (path === null) {
    throw badArgument(`directory must be the path of a directory, a string, not ${describe(directory)}`)
  }
  if (typeof options !== 'object' || options === null) {
    throw badArgument(`options must be an object, not ${describe(options)}`)
  }
  refuseMisspelled(options, ['lock', 'sync'])
  const { lock = true, sync = true } = options
  checkBooleans({ lock, sync })
  const files = { directory: path, lock, sync }
  const storage = (name: string) => {
    const file = join(files.directory, name)
    return sync ? new FileStorage(file, { lock }) : new UnsyncedFile(file, { lock })
  }
  made.set(storage, files)
  return storage
}

/** The directory and options of a function that `fileStorage` made; `undefined` for any other function. */
export function fileDirectoryOf(argument: object): FileDirectory | undefined {
  return made.get(argument)
}

/**
 * Returns a storage argument for a store in memory. The data lives as long as the returned function, so a store that opens on it again
 * finds the data. Only one store at a time can be open on it.
 */
export function memoryStorage(): RandomAccessFunction {
  const files = new Map<string, MemoryFile>()
  return (path) => {
    const file = files.get(path) ?? new MemoryFile()
    files.set(path, file)
    return new MemoryStorage(path, file)
  }
}

class UnsyncedFile extends FileStorage {
  override sync(callback: (error: Error | null) => void): void {
    callback(null)
  }
}
