// The head of a store, and the mark of an unfinished copy in its place. Each engine and each version reads the head first. The last write
// of a copy replaces the mark by the head, so a store never has both. The first byte of the mark is a version of the head that
// hypercore-storage does not know, so Corestore 7 refuses such a store, too.
import { keys } from '@coreyard/hypercore-port/storage'
import type { CorestoreStorage, StorageDatabase } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { nameOf, StorageError } from '../errors/storage-error.js'

/** The beginning of a mark. Its `c` is version 99 for hypercore-storage 3.3, which knows 0, 1 and 2. */
const BEGIN = b4a.from('coreyard: unfinished conversion of ')

/** Returns the mark of a copy. @param source identifies its source */
export function markOf(source: Uint8Array): Uint8Array {
  return b4a.concat([BEGIN, source])
}

/** Returns the source of an unfinished copy, as passed to `markOf`; `null` if the head is not a mark. */
export function markedSource(head: Uint8Array | null): Uint8Array | null {
  if (head === null || !b4a.equals(head.subarray(0, BEGIN.byteLength), BEGIN)) return null
  return head.subarray(BEGIN.byteLength)
}

/** Reads the stored head of an open database; `null` if it has none. */
export async function readHead(database: Pick<StorageDatabase, 'read'>): Promise<Uint8Array | null> {
  const reads = database.read({ autoDestroy: true })
  const head = reads.get(keys.store.head())
  reads.tryFlush()
  return head
}

/** Returns the error to throw when opening a storage failed: `STORAGE_UNFINISHED` for an unfinished copy, otherwise `error`. */
export async function explainOpening(error: unknown, storage: CorestoreStorage): Promise<unknown> {
  if (error instanceof StorageError || !storage.opened) return error
  const head = await readHead(storage.db).catch(() => null)
  return markedSource(head) === null ? error : unfinished(directoryOf(storage))
}

export function unfinished(directory: string | null): StorageError {
  return new StorageError(
    'STORAGE_UNFINISHED',
    `${nameOf(directory)} holds an unfinished copy: call convert() or backup() again with the same arguments, which continues it`,
    directory,
  )
}

/** Returns the directory of a storage; `null` if it has none. */
export function directoryOf({ path }: CorestoreStorage): string | null {
  return typeof path === 'string' && !path.includes('\0') ? path : null
}
