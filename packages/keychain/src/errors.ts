// The errors of this package. What was wrong is worded where it is found; docs/errors.md explains each code.
import { CoreyardError } from './coreyard-error.js'

/**
 * - `BAD_ARGUMENT`: an argument has the wrong type or length.
 * - `KEYCHAIN_DESTROYED`: the secret was wiped by `destroy()`.
 */
export type KeychainErrorCode = 'BAD_ARGUMENT' | 'KEYCHAIN_DESTROYED'

/** What this package throws. The message never holds an argument's content, since that may be a key. */
export class KeychainError extends CoreyardError<KeychainErrorCode> {
  static override readonly kind = 'KeychainError'
}
