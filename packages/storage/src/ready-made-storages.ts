// Storage arguments for what most stores live on, ready-made: files, and memory.
import { join, resolve } from 'node:path'
import { FileStorage } from '@coreyard/random-access-kv/file'
import { badArgument, describe } from './bad-argument.js'
import { MemoryFile, MemoryStorage } from './memory-storage.js'
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

/**
 * A storage argument: files in a directory, which is made if it is not there. The same files as those of the engine
 * `'random-access'` in that directory.
 */
export function fileStorage(directory: string, options: FileStorageOptions = {}): RandomAccessFunction {
  if (typeof directory !== 'string' || directory === '' || directory.includes('\0')) {
    throw badArgument(`directory must be the path of a directory, a string, not ${describe(directory)}`)
  }
  const { lock = true, sync = true } = options
  const absolute = resolve(directory)
  return (path) => {
    const file = join(absolute, path)
    return sync ? new FileStorage(file, { lock }) : new UnsyncedFile(file, { lock })
  }
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
