// Makes sure that only one engine at a time creates a store in a directory without one. Each engine first looks for a store of the other
// engine. Two engines that look at the same time would both find none. So each holds a lock from that look until its own store exists: the
// lock on the file of the engine 'random-access', which that engine takes anyway. RocksDB creates that file for the lock, and removes it.
import { closeSync, existsSync, openSync, unlinkSync } from 'node:fs'
import { KvError } from '@coreyard/random-access-kv'
import { isInPlace, lockFile } from '@coreyard/random-access-kv/file'
import { hasBytes, PRIVATE_FILE } from './files.js'

/**
 * Takes the lock for RocksDB. Throws `KV_LOCKED` if another store has it.
 *
 * @param file the file of the engine `'random-access'`, in an existing directory
 * @returns a function that releases the lock
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

/** Removes a file without bytes, which an opening that failed has left. The caller has the lock of the file. */
export function removeEmpty(file: string): void {
  if (existsSync(file) && !hasBytes(file)) unlinkSync(file)
}
