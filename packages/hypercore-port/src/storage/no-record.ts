// Recognises stored bytes that cannot be decoded as the expected record. hypercore-storage has no error for that.

/** The errors of compact-encoding and hyperschema for such bytes, in addition to a `TypeError` or a `RangeError`. */
const CANNOT_DECODE = /^(?:Out of bounds|u?int must be between|Unknown enum|Unsupported version$)/

/** Whether an error says that stored bytes could not be decoded as the expected record. */
export function isNoRecord(error: unknown): error is Error {
  if (error instanceof TypeError || error instanceof RangeError) return true
  return error instanceof Error && !('code' in error) && CANNOT_DECODE.test(error.message)
}
