// The errors that this package throws itself. Errors of the storage, keychain and replicator keep their own classes. All have a `code`,
// which docs/errors.md explains.

import { CoreyardError } from '@coreyard/storage'

/** What went wrong. docs/errors.md has a section for each code: why, and what to do. */
export type CorestoreErrorCode =
  /** An argument is of the wrong type, length or combination. This code and the next two are also codes of `hypercore-errors`. */
  | 'BAD_ARGUMENT'
  /** No core is stored under that key or name, and none may be created. */
  | 'STORAGE_EMPTY'
  /** The store or the core is closed or closing. */
  | 'SESSION_CLOSED'
  /** The core has open sessions. */
  | 'CORE_IN_USE'
  /** The store is read-only, and the call would write. */
  | 'READ_ONLY'
  /**
   * The session belongs to a read-only store, and the call would write; or the core turned out to be longer, and the append would have
   * forked it. Also a code of `hypercore-errors`.
   */
  | 'SESSION_NOT_WRITABLE'
  /** The `preload` that was given to `get` failed; `cause` is its error. */
  | 'PRELOAD_FAILED'
  /** The store is a copy, and no peer has said what the original has written since. */
  | 'RECOVERING'
  /** A part that is needed is missing: the method `revoke` of a custom replicator, or the package `@coreyard/inspector`. */
  | 'UNSUPPORTED'
  /** Something failed while the store or an idle core closed. `cause` is an `AggregateError` with every failure. */
  | 'CLOSE_FAILED'
  /** A WebSocket that a store replicates over failed, or was cut off. */
  | 'WEBSOCKET_FAILED'

/** An error of a store. Never a `TypeError` or `RangeError`, because Hypercore rethrows those as uncaught. */
export class CorestoreError extends CoreyardError<CorestoreErrorCode> {
  static override readonly kind = 'CorestoreError'
}

export function badArgument(message: string): CorestoreError {
  return new CorestoreError('BAD_ARGUMENT', message)
}

export function storeClosed(): CorestoreError {
  return new CorestoreError('SESSION_CLOSED', 'The store is closed: open a new one to go on')
}

/** Returns what a call rejects with if it fails while its store closes: the caller has closed the store, not the storage. */
export function whileClosing(error: unknown): unknown {
  return Object(error).code === 'STORAGE_CLOSED' ? storeClosed() : error
}

export function closeFailed(failures: unknown[]): CorestoreError {
  return new CorestoreError(
    'CLOSE_FAILED',
    `The store is closed, and this failed on the way: ${failures.map(messageOf).join('; ')}`,
    { cause: new AggregateError(failures) },
  )
}

/**
 * The error of a core that failed to close when it was no longer in use.
 *
 * @param id the discovery key in hex
 */
export function coreCloseFailed(id: string, cause: unknown): CorestoreError {
  return new CorestoreError(
    'CLOSE_FAILED',
    `The idle core with discovery key ${id} failed to close: ${messageOf(cause)}`,
    { cause: new AggregateError([cause]) },
  )
}

/** Returns what was thrown as an `Error`: user code may throw anything. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown))
}

/** The message of what was thrown. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message
  try {
    return String(thrown)
  } catch {
    return 'an object that cannot be shown as text' // it has no `toString`, or one that throws
  }
}

/** @param id the discovery key in hex */
export function notStored(id: string): CorestoreError {
  return new CorestoreError(
    'STORAGE_EMPTY',
    `No core is stored under the discovery key ${id}: a new one takes its key or a name, and a store that is not read-only`,
  )
}

export function nameNotStored(name: string | Uint8Array): CorestoreError {
  return new CorestoreError(
    'STORAGE_EMPTY',
    `No core is stored under the name ${describe(name, 'word')} of this namespace: a new one takes a store that is not read-only, and ` +
      'no createIfMissing: false',
  )
}

/** @param id the discovery key in hex */
export function coreInUse(id: string): CorestoreError {
  return new CorestoreError(
    'CORE_IN_USE',
    `The core with discovery key ${id} has open sessions: close them, or delete it with { force: true }`,
  )
}

/** @param id the discovery key in hex */
export function coreClosed(id: string): CorestoreError {
  return new CorestoreError(
    'SESSION_CLOSED',
    `The core with discovery key ${id} is closed: get it again to purge it, or delete it with store.delete`,
  )
}

export function storeReadOnly(what: string): CorestoreError {
  return new CorestoreError('READ_ONLY', `The store is read-only: it cannot ${what}`)
}

export function sessionReadOnly(what: string): CorestoreError {
  return new CorestoreError(
    'SESSION_NOT_WRITABLE',
    `The session cannot ${what}: it was opened through a read-only store`,
  )
}

/** Describes `value` for a message: `a number`, `5 bytes`, `an empty string`. Never shows its content. */
export const describe = CoreyardError.describe
