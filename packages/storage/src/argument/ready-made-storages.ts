// Storage arguments for what most stores live on, ready-made: files, and memory.
import { join } from 'node:path'
import { FileStorage } from '@coreyard/random-access-kv/file'
import { badArgument, checkBooleans, describe, refuseMisspelled } from '../errors/bad-argument.js'
import { MemoryFile, MemoryStorage } from './memory-storage.js'
import { type DirectoryUrl, namedDirectory } from './named-directory.js'
import type { RandomAccessFunction } from './random-access-argument.js'

export interface FileStorageOptions {
  /** Keep others from opening the files, in this process and in others. Default: `true`. */
  readonly lock?: boolean | undefined
  /**
   * Wait until the disk has what is to survive a power cut. `false` is faster, and after a power cut the store may be damaged.
   * Default: `true`.
   */
  readonly sync?: boolean | undefined
}

/** A directory that is kept in files as `fileStorage` was told. */
export interface FileDirectory {
  /** Absolute. */
  readonly directory: string
  readonly lock: boolean
  readonly sync: boolean
}

/** What the functions of `fileStorage` are of. */
const made = new WeakMap<object, FileDirectory>()

/**
 * A storage argument: a directory with the engine `'random-access'`, and with these options. As a function for others it makes
 * the storage of a file in that directory; both are made when the storage opens, if they are not there.
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

/** What a function is of, if `fileStorage` made it: a function is not told how its files are to be opened. */
export function fileDirectoryOf(argument: object): FileDirectory | undefined {
  return made.get(argument)
}

/**
 * A storage argument: memory, kept as long as this function is, so that a store that is opened on it again has all that it had.
 * One store at a time can be open on it.
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
