// The error of this package: its codes, and what a caller can do about each. Which error of RocksDB or the file
// system gets which code lives in to-storage-error.ts; docs/errors.md explains each code.
import { CoreyardError } from '@coreyard/random-access-kv'

/** What went wrong. docs/errors.md has a section for each code: why, and what to do. */
export type StorageErrorCode =
  /** Another store has the directory open, in another process or in this one. */
  | 'STORAGE_LOCKED'
  /** The directory cannot be made or written: no permission, a read-only disk, a file in its place. */
  | 'STORAGE_NOT_WRITABLE'
  /** The storage was opened with `readOnly`, and this would write. */
  | 'READ_ONLY'
  /** The disk is full, or a file or quota at its limit. */
  | 'STORAGE_FULL'
  /** Files of the store are damaged or missing. */
  | 'STORAGE_CORRUPT'
  /** The directory was copied or moved since it was made. */
  | 'STORAGE_MOVED'
  /** The storage holds something else than the caller asked for: another kind of store, another primary key or `id`, or no store. */
  | 'STORAGE_CONFLICT'
  /** The store was written by a version that this one cannot read. */
  | 'STORAGE_VERSION'
  /** The store, or a core of it, is in the format of an older Corestore, and has to be brought up to date first. */
  | 'STORAGE_NOT_MIGRATED'
  /** Another store wrote to the storage while this one was suspended. */
  | 'STORAGE_CHANGED'
  /** The storage holds no store, and this does not make one. */
  | 'STORAGE_NO_STORE'
  /** No core is stored under that key. A code of `hypercore-errors`. */
  | 'STORAGE_EMPTY'
  /** The destination of a conversion or backup holds something already. */
  | 'STORAGE_NOT_EMPTY'
  /** The storage holds a conversion that was interrupted. */
  | 'STORAGE_UNFINISHED'
  /** After a conversion, the destination does not hold what the source holds. */
  | 'STORAGE_DIFFERS'
  /** The destination of a conversion forgot all that was written when it was closed. */
  | 'STORAGE_FORGOTTEN'
  /** The storage was closed before this, or while it opened. */
  | 'STORAGE_CLOSED'
  /** Anything else; `cause` is what the database or the file system said. */
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
