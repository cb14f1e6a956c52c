// The error that every module of this package throws. Errors of the storage itself pass through untouched. docs/errors.md explains
// each code.
import { CoreyardError } from './coreyard-error.js'

/**
 * - `KV_CLOSED`: the store, snapshot or iterator is closed.
 * - `KV_READ_ONLY`: a write on a store opened with `readOnly`.
 * - `KV_BAD_ARGUMENT`: a key, value, range or option that is not what it should be.
 * - `KV_DAMAGED`: bytes in the storage are not what was written; `file` and `offset` say where.
 * - `KV_NOT_A_STORE`: the storage holds something else. It was not touched.
 * - `KV_FORMAT_VERSION`: the storage was written by a version that this one does not know. It was not touched.
 * - `KV_NO_STORE`: `readOnly` (or `createIfMissing: false`) on an empty storage.
 * - `KV_EXISTS`: `errorIfExists` on a storage that holds a store.
 * - `KV_LOCKED`: another process, or another store in this one, has the file open.
 * - `KV_UNSUPPORTED`: the runtime cannot do what is asked for; the message says what to do instead.
 * - `KV_FULL`: the store has as many pages as it can have. Deletes still work.
 * - `KV_REOPEN`: the store changed underneath while it was suspended and must be closed and opened again.
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
 * The error for an argument that is not what it must be.
 *
 * @param shows `'word'` if the value is one of a few words, and no secret
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
