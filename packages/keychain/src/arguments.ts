// Checks arguments and converts them to bytes. An error gives the type and length of an argument, never its content: if a caller mixes up
// two arguments, no key must get into a log.
import b4a from 'b4a'
import { CoreyardError } from './coreyard-error.js'
import { KeychainError } from './errors.js'

/** A string as its UTF-8 bytes, bytes as they are; either may be empty. Half of a surrogate pair has no UTF-8. */
export function toBytes(what: string, value: unknown): Uint8Array {
  if (typeof value === 'string') {
    if (!/\p{Surrogate}/u.test(value)) return b4a.from(value)
    // UTF-8 has U+FFFD in its place: two strings would give the same key.
    throw badArgument(what, 'text that UTF-8 can hold, without half of a surrogate pair', value)
  }
  if (b4a.isBuffer(value)) return value
  throw badArgument(what, 'a string or a Uint8Array', value)
}

/** Bytes that must be exactly 32. */
export function expect32Bytes(what: string, value: unknown): Uint8Array {
  if (b4a.isBuffer(value) && value.byteLength === 32) return value
  throw badArgument(what, 'a Uint8Array of 32 bytes', value)
}

/** Whether an object holds bytes, in whatever form: any view, any buffer, an array. */
export function isBinary(value: object): boolean {
  return Array.isArray(value) || 'byteLength' in value
}

export function badArgument(what: string, right: string, value: unknown): KeychainError {
  return new KeychainError('BAD_ARGUMENT', `${what} must be ${right}, not ${CoreyardError.describe(value)}`)
}
