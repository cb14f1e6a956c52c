// A copy of an open store that is written meanwhile: its content at one moment.
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
 * Copies a whole store to another storage while it is open. The copy is the store at the moment of the call. Its cores ask their peers
 * before they are written, because the original may have sent them more (Hypercore's `recovering`).
 *
 * An interrupted backup leaves no store. A later call with the same destination copies the store of that moment, and writes only the
 * differences.
 *
 * @param storage of an open store
 * @param to a storage as `storageEngine` takes it, empty, or with an unfinished backup of this store
 * @param closing interrupts the backup, too
 * @throws a `TypeError` with the code `BAD_ARGUMENT` for arguments that are not accepted; a `StorageError` with the code
 *   `STORAGE_NOT_EMPTY` if there is something else in `to`, `STORAGE_DIFFERS` if what was read back is not what was copied, and those of
 *   opening a storage; the signal's reason
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
