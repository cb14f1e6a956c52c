// The error that every module of this package throws. Errors of the storage itself pass through untouched. docs/errors.md explains
// each code.
import { CoreyardError } from './coreyard-error.js'

/**
 * - `KV_CLOSED`: the store, snapshot or iterator is closed.
 * - `KV_READ_ONLY`: the store was opened with `readOnly`, and the call would write.
 * - `KV_BAD_ARGUMENT`: a key, value, range or option is invalid.
 * - `KV_DAMAGED`: bytes in the storage are not what was written; `file` and `offset` say where.
 * - `KV_NOT_A_STORE`: the storage is not empty and does not hold a store. It was not changed.
 * - `KV_FORMAT_VERSION`: the storage has a format that this version does not know. It was not changed.
 * - `KV_NO_STORE`: the storage is empty, and `readOnly` or `createIfMissing: false` forbids creating a store.
 * - `KV_EXISTS`: the storage holds a store, and `errorIfExists` is set.
 * - `KV_LOCKED`: another process, or another store in this one, has the file open.
 * - `KV_UNSUPPORTED`: the runtime cannot do this, such as locking a file; the message says what to do instead.
 * - `KV_FULL`: the store has as many pages as it can have. Deletes still work.
 * - `KV_REOPEN`: another store wrote to the file while this one was suspended. Close this store and open it again.
 */
export type KvErrorCode =
  | 'KV_CLOSED'
  | 'KV_READ_ONLY'
  | 'KV_BAD_ARGUMENT'
  | 'KV_DAMAGED'
  | 'KV_NOT_A_STORE'
  | 'KV_FORMAT_VERSION'
  | 'KV_NO_STORE'
  | 'KV_EXISTS'
  | 'KV_LOCKED'
  | 'KV_UNSUPPORTED'
  | 'KV_FULL'
  | 'KV_REOPEN'

/** An error of the store. `code` is stable; the message says what was wrong and what would be right. */
export class KvError extends CoreyardError<KvErrorCode> {
  static override readonly kind = 'KvError'
  /** The name of the file concerned, if the error is about one. */
  readonly file: string | undefined
  /** The byte offset in `file`, for `KV_DAMAGED`. */
  readonly offset: number | undefined

  constructor(
    code: KvErrorCode,
    message: string,
    where: { file?: string; offset?: number; cause?: unknown } = {},
  ) {
    super(code, message, where.cause === undefined ? undefined : { cause: where.cause })
    this.file = where.file
    this.offset = where.offset
  }
}

/** The error for bytes that are not what was written. */
export function damaged(file: string, offset: number, what: string): KvError {
  return new KvError(
    'KV_DAMAGED',
    `${what} is damaged at offset ${offset} of ${file}: restore it from a copy`,
    {
      file,
      offset,
    },
  )
}

/**
 * The error for an invalid argument.
 *
 * @param shows `'word'` if the value should be one of a few words and is not secret, so that the message can show it
 */
export function badArgument(
  what: string,
  right: string,
  value: unknown,
  shows: 'number' | 'word' = 'number',
): KvError {
  return new KvError(
    'KV_BAD_ARGUMENT',
    `${what} must be ${right}, not ${CoreyardError.describe(value, shows)}`,
  )
}
