// Copies an open store, which may be written meanwhile, as it is at one moment.
import type { CorestoreStorage } from '@coreyard/hypercore-types'
import { absolute, type StorageArgument } from '../argument/storage-argument.js'
import { nameSession } from '../engine/continuity.js'
import { MARK_FAMILY } from '../engine/open-mark.js'
import { directoryOf } from '../records/store-head.js'
import { type BackupOptions, type Copied, type CopySignal, checkBackup } from './copy-options.js'
import { copyStore } from './copy-store.js'
import { Destination } from './destination.js'
import { openDatabase } from './open-database.js'
import { recovering } from './recovering.js'
import { readStore } from './source.js'

/**
 * Copies a whole store to another storage while it is open. The copy is the store at the moment of the call. A core of the copy asks its
 * peers before it is written (Hypercore's hint `recovering`), because the original may have sent them blocks that the copy lacks.
 *
 * After an interrupted backup, the destination does not open as a store. A later call with the same destination copies the store as it is
 * then, and writes only what differs.
 *
 * @param storage the `hypercore-storage` instance of an open store
 * @param to a storage argument as for `storageEngine`: an empty storage, or one with an unfinished backup of this store
 * @param closing a second signal that interrupts the backup, for a store that closes
 * @throws a `TypeError` with the code `BAD_ARGUMENT` for a wrong argument; a `StorageError` with the code `STORAGE_NOT_EMPTY` if `to`
 *   holds anything else, `STORAGE_DIFFERS` if the copy reads back differently, and the codes of opening a storage; the reason of `signal`
 *   when it aborts
 */
export async function backup(
  storage: CorestoreStorage,
  to: StorageArgument,
  options: BackupOptions = {},
  closing?: CopySignal,
): Promise<Copied> {
  const directory = directoryOf(storage)
  const pace = checkBackup(directory, to, options, closing)
  options.signal?.throwIfAborted()
  const destination = new Destination(absolute(to), options.to)
  await storage.ready()
  const { database, families, close } = await openDatabase(storage, {})
  const snapshot = database.snapshot()
  try {
    const store = await readStore(snapshot, directory)
    const [now, session] = [Date.now(), nameSession()]
    const records = () => recovering(store.records(), now, session)
    const source = { ...store, families: [...new Set([...families, MARK_FAMILY])], records }
    return await copyStore({ ...source, close: () => snapshot.close() }, destination, pace)
  } finally {
    await snapshot.close()
    await close()
  }
}
