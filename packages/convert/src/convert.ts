// Copies a store from one storage to another. This file has only the order of the steps.
import type { StorageArgument } from '@coreyard/storage'
import { absolute, type Copied, copyStore, Destination } from '@coreyard/storage/copying'
import { type ConvertOptions, checkConvert } from './convert-options.js'
import { openSource } from './open-source.js'

/**
 * Copies a whole store to another storage: all cores with their blocks, names, keys and sessions, and the primary key. Both sides are
 * compared before the destination becomes a store. From then on, write to only one of the two: a core that both append to is forked, which
 * peers report as a conflict.
 *
 * A store of Corestore 6 is converted to the format of Hypercore 11, with all that its cores have stored; every block is checked against
 * the core's Merkle tree. It may be in a directory, or on storages that a class or function makes. It is only read.
 *
 * A conversion that a signal, an error or the end of the process interrupts continues when it is called again with the same arguments.
 * Until it has finished, the destination does not open as a store. If it is called again after that, it only compares the two.
 *
 * @param from a storage as `storageEngine` takes it, or one of Corestore 6 (for a class or function, see `options.cores`). Nothing in it
 *   changes, and no other store may have it open. A `hypercore-storage` instance stays open
 * @param to a storage as `storageEngine` takes it; it must be empty, or hold a conversion of this source, finished or not. A
 *   `hypercore-storage` instance stays open; do not use it until the conversion has finished
 * @throws TypeError `BAD_ARGUMENT` for an invalid argument
 * @throws StorageError `STORAGE_NO_STORE` if `from` holds no store; `STORAGE_NOT_EMPTY` if `to` holds anything else; `STORAGE_DIFFERS` if
 *   the two differ at the end; `STORAGE_FORGOTTEN` if `to` loses its data when it closes; another code if one of the two cannot be opened
 * @throws the reason of the option `signal` if it is aborted
 */
export async function convert(
  from: StorageArgument,
  to: StorageArgument,
  options: ConvertOptions = {},
): Promise<Copied> {
  const pace = checkConvert(from, to, options)
  options.signal?.throwIfAborted()
  const destination = new Destination(absolute(to), options.to)
  const source = await openSource(absolute(from), options)
  try {
    return await copyStore(source, destination, pace)
  } finally {
    await source.close()
  }
}
