// The errors of this package. docs/errors.md explains each code.
import { CoreyardError } from './coreyard-error.js'

/**
 * - `BAD_ARGUMENT`: an argument has the wrong type or length.
 * - `KEYCHAIN_DESTROYED`: the secret was wiped by `destroy()`.
 */
export type KeychainErrorCode = 'BAD_ARGUMENT' | 'KEYCHAIN_DESTROYED'

/** An error of this package. The message never contains an argument, because that may be a key. */
export class KeychainError extends CoreyardError<KeychainErrorCode> {
  static override readonly kind = 'KeychainError'
}
