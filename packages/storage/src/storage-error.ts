// The error of this package: its codes, and what a caller can do about each. Which error of RocksDB or the file
// system gets which code lives in recognise.ts; docs/errors.md explains each code.
import { CoreyardError } from '@coreyard/random-access-kv'

/**
 * - `STORAGE_LOCKED`: another store has the directory open, in another process or in this one.
 * - `STORAGE_NOT_WRITABLE`: the directory cannot be made or written: no permission, a read-only disk, a file in
 *   its place.
 * - `STORAGE_FULL`: the disk is full, or a file or quota at its limit.
 * - `STORAGE_CORRUPT`: files of the store are damaged or missing.
 * - `STORAGE_MOVED`: the directory was copied or moved since it was made. Two copies of one store that are both
 *   written make cores that conflict, so this has to be allowed with `allowBackup`.
 * - `STORAGE_CONFLICT`: the directory holds something else than was asked for: a store with another primary key
 *   or another `id`, one of the other engine, the database of another program, or what another store made of it during a
 *   `suspend`.
 * - `STORAGE_EMPTY`: a read-only storage holds no store.
 * - `STORAGE_UNFINISHED`: the storage holds a conversion that was interrupted; `convert` with the same arguments finishes it.
 * - `STORAGE_DIFFERS`: after a conversion, what was read back is not what the source holds.
 * - `STORAGE_CLOSED`: the storage was closed before or while it opened.
 * - `STORAGE_FAILED`: anything else; `cause` is what the database or the file system said.
 *
 * `STORAGE_CONFLICT` and `STORAGE_EMPTY` are codes of `hypercore-errors`.
 */
export type StorageErrorCode =
  | 'STORAGE_LOCKED'
  | 'STORAGE_NOT_WRITABLE'
  | 'STORAGE_FULL'
  | 'STORAGE_CORRUPT'
  | 'STORAGE_MOVED'
  | 'STORAGE_CONFLICT'
  | 'STORAGE_EMPTY'
  | 'STORAGE_UNFINISHED'
  | 'STORAGE_DIFFERS'
  | 'STORAGE_CLOSED'
  | 'STORAGE_FAILED'

/** What went wrong with a storage; tell by `code`. `cause` is the error beneath, where there is one. */
export class StorageError extends CoreyardError<StorageErrorCode> {
  static override readonly kind = 'StorageError'
  /** The directory concerned; `null` for a storage that is in none. */
  readonly directory: string | null

  constructor(
    code: StorageErrorCode,
    message: string,
    directory: string | null,
    options?: { readonly cause?: unknown },
  ) {
    super(code, message, options)
    this.directory = directory
  }
}

/** How a message names the storage that it is about. */
export function nameOf(directory: string | null): string {
  return directory ?? 'The storage'
}

/** The storage was closed, so it cannot be opened. */
export function storageClosed(directory: string | null): StorageError {
  return new StorageError(
    'STORAGE_CLOSED',
    `${nameOf(directory)} has been closed: open a new store to go on`,
    directory,
  )
}
