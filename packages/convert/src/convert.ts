// Converting a store: from one storage to another, whatever keeps them. Only the order of the steps is here.
import type { StorageArgument } from '@coreyard/storage'
import { absolute, type Copied, copyStore, Destination } from '@coreyard/storage/copying'
import { type ConvertOptions, checkConvert } from './convert-options.js'
import { openSource } from './open-source.js'

/**
 * Copies a whole store to another storage: all cores with their blocks, names, keys and sessions, and the primary key. Both sides are
 * compared before the destination becomes a store. Write only one of the two from then on: a core that both append to has a conflict.
 *
 * A store of Corestore 6 becomes one of Hypercore 11 on the way, with all that its cores have stored; every block is checked against the
 * core's Merkle tree. It is read, never changed, in a directory or on the storages that a class or function makes.
 *
 * A conversion that a signal, an error or the end of the process interrupts continues when it is called again with the same arguments.
 * Until it has finished, the destination does not open as a store. After that, another call compares the two.
 *
 * @param from a storage as `storageEngine` takes it, or one of Corestore 6 (for a class or function, see `options.cores`). Nothing in it
 *   changes, and no other store may have it open. A `hypercore-storage` instance stays open
 * @param to a storage as `storageEngine` takes it, empty, or with a conversion of this source. A
 *   `hypercore-storage` instance stays open, and is not to be used before
 * @throws a `TypeError` with the code `BAD_ARGUMENT` for arguments that are not accepted; a `StorageError` with the code
 *   `STORAGE_NO_STORE` if there is no store in `from`, `STORAGE_NOT_EMPTY` if there is something else in `to`, `STORAGE_DIFFERS` if what
 *   was read back is not what was copied, and those of opening a storage; the signal's reason
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
