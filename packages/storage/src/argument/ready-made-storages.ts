// Ready-made storage arguments: files and memory.
import { join } from 'node:path'
import { FileStorage } from '@coreyard/random-access-kv/file'
import { badArgument, checkBooleans, describe, refuseMisspelled } from '../errors/bad-argument.js'
import { MemoryFile, MemoryStorage } from './memory-storage.js'
import { type DirectoryUrl, namedDirectory } from './named-directory.js'
import type { RandomAccessFunction } from './random-access-argument.js'

/** How the files of `fileStorage` are opened. */
export interface FileStorageOptions {
  /** Keep others from opening the files, in this process and in others. Default: `true`. */
  readonly lock?: boolean | undefined
  /**
   * Wait until the disk has the data that must survive a power cut. `false` is faster, but a power cut can damage the store.
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

/** The directory and options of a function that `fileStorage` made; `undefined` for any other function. */
export function fileDirectoryOf(argument: object): FileDirectory | undefined {
  return made.get(argument)
}

/**
 * A storage argument: memory that lives as long as this function. A store that opens on it again finds its data. One store at a time
 * can be open on it.
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
