// Files and directories of a store before it opens: whether they exist, and who may read them.
import { statSync } from 'node:fs'
import { chmod, mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hasCode, isMissing } from '../errors/error-codes.js'

/** Only the owner of a directory can look into it. */
const PRIVATE_DIRECTORY = { mode: 0o700 }
/** Only the owner of a file can read it. */
export const PRIVATE_FILE = 0o600

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

/** Whether a file has bytes. An empty file is not a store: its process ended before the first write. */
export function hasBytes(file: string): boolean {
  try {
    return statSync(file).size > 0
  } catch {
    return false
  }
}

/**
 * Makes a directory and its parents. Only their owner can enter them, because a store holds secret keys. The option `recursive` of Node.js
 * 20.20 never returns for a path in /proc.
 */
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

/** Lets only its owner read a file. On a file system without permissions it does nothing. */
export async function makePrivate(file: string): Promise<void> {
  try {
    await chmod(file, PRIVATE_FILE)
  } catch (error) {
    // RocksDB may have removed the file. A file of another user is protected by its directory.
    if (!isMissing(error) && !hasCode(error, 'EPERM') && !hasCode(error, 'ENOTSUP')) throw error
  }
}

/** Lets only their owner read the files in a directory that `makeDirectory` made. RocksDB creates files that all users can read. */
export async function makeFilesPrivate(directory: string): Promise<void> {
  try {
    if (((await stat(directory)).mode & 0o777) !== PRIVATE_DIRECTORY.mode) return
    const entries = await readdir(directory, { withFileTypes: true })
    for (const entry of entries) if (entry.isFile()) await makePrivate(join(directory, entry.name))
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}
