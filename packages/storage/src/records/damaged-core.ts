// Records of a core that are missing or cannot be read. Hypercore fails on them with an error such as a `TypeError`, which its sessions
// rethrow as uncaught. Here it becomes an error with a code.
import { isNoRecord } from '@coreyard/hypercore-port/storage'
import type { CorestoreStorage } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { StorageError } from '../errors/storage-error.js'
import { directoryOf } from './store-head.js'

/**
 * Returns the error to throw when opening a core failed: a `StorageError` `STORAGE_CORRUPT` if the core is stored but its records are
 * missing or unreadable, otherwise `error` unchanged.
 *
 * @param discoveryKey 32 bytes
 */
export async function explainCore(
  error: unknown,
  storage: CorestoreStorage,
  discoveryKey: Uint8Array,
): Promise<unknown> {
  if (!isNoRecord(error) || !(await storage.hasCore(discoveryKey).catch(isNoRecord))) return error
  return damagedCore(storage, discoveryKey, error)
}

function damagedCore(storage: CorestoreStorage, discoveryKey: Uint8Array, cause: Error): StorageError {
  const id = b4a.toString(discoveryKey, 'hex')
  return new StorageError(
    'STORAGE_CORRUPT',
    `The keys or the head of the core with discovery key ${id} are missing or damaged: put back a backup of the storage, or ` +
      'delete the core, which can then be made again with its key or name and downloaded from a peer ' +
      `(${cause.message})`,
    directoryOf(storage),
    { cause },
  )
}
