// One engine at a time makes a store in a directory that has none. Each engine looks for a store of the other one first, and while
// both look, there is none. So both hold one lock from that look until their own store is there: the lock on the file of the engine
// 'random-access', which that engine takes anyway. RocksDB makes that file for this, and removes it again.
import { closeSync, existsSync, openSync, unlinkSync } from 'node:fs'
import { KvError } from '@coreyard/random-access-kv'
import { isInPlace, lockFile } from '@coreyard/random-access-kv/file'
import { hasBytes, PRIVATE_FILE } from './files.js'

/**
 * Takes the lock for RocksDB. Throws `KV_LOCKED` if another store has it.
 *
 * @param file of the engine `'random-access'`; its directory is there
 * @returns what gives the lock back
 */
export function lockCreation(file: string): () => void {
  const fd = openSync(file, 'a', PRIVATE_FILE)
  try {
    if (!lockFile(fd, { shared: false }) || !isInPlace(fd, file)) {
      throw new KvError('KV_LOCKED', `${file} is open elsewhere: close the other store first`, { file })
    }
  } catch (error) {
    closeSync(fd)
    throw error
  }
  return () => {
    removeEmpty(file)
    closeSync(fd)
  }
}

/** Removes a file without bytes: an opening that did not succeed has left it. The caller has it locked. */
export function removeEmpty(file: string): void {
  if (existsSync(file) && !hasBytes(file)) unlinkSync(file)
}
