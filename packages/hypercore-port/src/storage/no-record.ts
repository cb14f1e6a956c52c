// Bytes that are not the record that they should be. hypercore-storage has no error for that.

/** What compact-encoding and hyperschema throw for bytes that are no record, in addition to a `TypeError` or a `RangeError`. */
const CANNOT_DECODE = /^(?:Out of bounds|u?int must be between|Unknown enum|Unsupported version$)/

/** Whether an error says that bytes are not the record that they should be. */
export function isNoRecord(error: unknown): error is Error {
  if (error instanceof TypeError || error instanceof RangeError) return true
  return error instanceof Error && !('code' in error) && CANNOT_DECODE.test(error.message)
}
