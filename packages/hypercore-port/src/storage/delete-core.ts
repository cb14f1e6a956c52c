// Deletes a core: all its records in one write, so that a crash leaves either the whole core or none of it.
import type { CoreInfo, CorestoreStorage, DatabaseWriteBatch } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { isNoRecord } from './no-record.js'
import { keys } from './records.js'

/** What was deleted. */
export type DeletedCore = Pick<CoreInfo, 'discoveryKey' | 'core' | 'auth'>

/**
 * Removes a core: its blocks, tree and bitfield, its named sessions, its key pair, its name, and its place in a group. No
 * session of it may be open, nor may one be opened meanwhile.
 *
 * @param discoveryKey 32 bytes
 * @param options `compact: false` leaves it to the database to free the disk space later, which saves tens of milliseconds for each core
 * @returns what was deleted; `null` if no such core is stored
 */
export async function deleteCore(
  storage: CorestoreStorage,
  discoveryKey: Uint8Array,
  { compact = true }: { readonly compact?: boolean | undefined } = {},
): Promise<DeletedCore | null> {
  const info = await readInfo(storage, discoveryKey)
  if (info === null) return null
  const { core, auth } = info
  const batch = storage.db.write({ autoDestroy: true })
  batch.tryDelete(keys.store.core(discoveryKey))
  if (core.alias) batch.tryDelete(keys.store.coreByAlias(core.alias))

  // A core and its static copy share records, which stay as long as one of the two exists.
  const data = (await sharesRecords(storage, info)) ? [] : await deleteRecords(storage, info, batch)
  await batch.flush()
  if (compact) for (const [start, end] of data) await storage.db.compactRange(start, end)
  return { discoveryKey: info.discoveryKey, core, auth }
}

/** A core whose keys cannot be read is deleted without them. */
async function readInfo(storage: CorestoreStorage, discoveryKey: Uint8Array): Promise<CoreInfo | null> {
  try {
    return await storage.getInfo(discoveryKey, { head: false, hints: false })
  } catch (error) {
    if (!isNoRecord(error)) throw error
    return storage.getInfo(discoveryKey, { auth: false, head: false, hints: false })
  }
}

/** Deletes a core's records, with the batch. Returns the ranges of the records with its data. */
async function deleteRecords(
  storage: CorestoreStorage,
  info: CoreInfo,
  batch: DatabaseWriteBatch,
): Promise<(readonly [start: Uint8Array, end: Uint8Array])[]> {
  const { corePointer, dataPointer } = info.core
  const { dataPointers, groupEntries } = await readOtherRecords(storage, info)
  for (const key of groupEntries) batch.tryDelete(key)
  batch.tryDeleteRange(keys.core.core(corePointer), keys.core.core(corePointer + 1))
  return [dataPointer, ...dataPointers].map((pointer) => {
    const range = [keys.core.data(pointer), keys.core.data(pointer + 1)] as const
    batch.tryDeleteRange(...range)
    return range
  })
}

/** The records of a core outside of its own two ranges. */
interface OtherRecords {
  /** The numbers of the records with the blocks of its named sessions. */
  readonly dataPointers: readonly number[]
  /** The keys of its entries in its group. */
  readonly groupEntries: readonly Uint8Array[]
}

async function readOtherRecords(
  storage: CorestoreStorage,
  { discoveryKey, auth }: CoreInfo,
): Promise<OtherRecords> {
  const core = await storage.resumeCore(discoveryKey)
  if (core === null) return { dataPointers: [], groupEntries: [] }
  try {
    const reads = core.read()
    const wanted = [reads.getSessions(), reads.getGroup()] as const
    reads.tryFlush()
    const [sessions, group] = await Promise.all(wanted)
    const groupEntries: Uint8Array[] = []
    if (group !== null && auth !== null) {
      const range = {
        gte: keys.group.entry(group.pointer, 0, 0),
        lt: keys.group.entry(group.pointer + 1, 0, 0),
      }
      for await (const { key, value } of storage.db.iterator(range)) {
        if (b4a.equals(value, auth.key)) groupEntries.push(key)
      }
    }
    return { dataPointers: (sessions ?? []).map(({ dataPointer }) => dataPointer), groupEntries }
  } finally {
    await core.close()
  }
}

/** Whether another core shares the records, as a core and a static copy of it do. */
async function sharesRecords(
  storage: CorestoreStorage,
  { discoveryKey, core, auth }: CoreInfo,
): Promise<boolean> {
  // Only then: a static copy has no signers, and its key replaces the key of the other core in the shared records.
  const copied = auth !== null && !b4a.equals(auth.discoveryKey, discoveryKey)
  if (!copied && auth?.manifest?.signers.length !== 0) return false
  for await (const other of storage.createCoreStream()) {
    if (other.core.corePointer === core.corePointer && !b4a.equals(other.discoveryKey, discoveryKey))
      return true
  }
  return false
}
