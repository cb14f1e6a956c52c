// The one error class of this package. What was wrong is worded where it is found.

/**
 * - `BAD_ARGUMENT`: an argument has the wrong type or length.
 * - `KEYCHAIN_DESTROYED`: the secret was wiped by `destroy()`.
 */
export type KeychainErrorCode = 'BAD_ARGUMENT' | 'KEYCHAIN_DESTROYED'

/** What this package throws. The message never holds an argument's content, since that may be a key. */
export class KeychainError extends Error {
  override readonly name = 'KeychainError'
  readonly code: KeychainErrorCode

  constructor(code: KeychainErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
