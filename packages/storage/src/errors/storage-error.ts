// The error of this package and its codes. to-storage-error.ts maps errors of RocksDB and the file system to codes; docs/errors.md explains
// each code.
import { CoreyardError } from '@coreyard/random-access-kv'

/** What went wrong. docs/errors.md has a section for each code: why, and what to do. */
export type StorageErrorCode =
  /** Another store has the directory open, in another process or in this one. */
  | 'STORAGE_LOCKED'
  /** The directory cannot be created or written: no permission, a read-only disk, a file in its place. */
  | 'STORAGE_NOT_WRITABLE'
  /** The storage was opened with `readOnly`, and the call would write. */
  | 'READ_ONLY'
  /** The disk is full, or a file or quota at its limit. */
  | 'STORAGE_FULL'
  /** Files of the store are damaged or missing. */
  | 'STORAGE_CORRUPT'
  /** The directory was copied or moved since it was made. */
  | 'STORAGE_MOVED'
  /** The storage does not hold what the caller asked for: it holds another kind of store, another primary key or `id`, or no store. */
  | 'STORAGE_CONFLICT'
  /** The store was written by a version that this one cannot read. */
  | 'STORAGE_VERSION'
  /** The store, or a core of it, is in the format of an older Corestore, and must be migrated first. */
  | 'STORAGE_NOT_MIGRATED'
  /** Another store wrote to the storage while this one was suspended. */
  | 'STORAGE_CHANGED'
  /** The storage holds no store, and the call does not create one. */
  | 'STORAGE_NO_STORE'
  /** No core is stored under that key. A code of `hypercore-errors`. */
  | 'STORAGE_EMPTY'
  /** The destination of a conversion or backup is not empty. */
  | 'STORAGE_NOT_EMPTY'
  /** The storage holds a conversion that was interrupted. */
  | 'STORAGE_UNFINISHED'
  /** After a conversion, the destination does not hold what the source holds. */
  | 'STORAGE_DIFFERS'
  /** The destination of a conversion lost all writes when it was closed. */
  | 'STORAGE_FORGOTTEN'
  /** The storage was closed before the call, or while it opened. */
  | 'STORAGE_CLOSED'
  /** Any other failure; `cause` is the error of the database or the file system. */
  | 'STORAGE_FAILED'

/** The error of a storage. `code` says what went wrong, and `cause` is the underlying error, if there is one. */
export class StorageError extends CoreyardError<StorageErrorCode> {
  static override readonly kind = 'StorageError'
  /** The directory concerned; `null` for a storage without a directory. */
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

/** Returns how a message names the storage. */
export function nameOf(directory: string | null): string {
  return directory ?? 'The storage'
}

/** The error for opening a storage that was closed. */
export function storageClosed(directory: string | null): StorageError {
  return new StorageError(
    'STORAGE_CLOSED',
    `${nameOf(directory)} has been closed: open a new store to go on`,
    directory,
  )
}
