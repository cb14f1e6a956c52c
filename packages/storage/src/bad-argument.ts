// The error of an argument that is not accepted, and how it names what was given.
import b4a from 'b4a'

/** The error of an argument that is not accepted. */
export function badArgument(message: string, cause?: unknown): TypeError & { readonly code: 'BAD_ARGUMENT' } {
  const error = cause === undefined ? new TypeError(message) : new TypeError(message, { cause })
  return Object.assign(error, { code: 'BAD_ARGUMENT' as const })
}

/** Throws unless each of these options is `true`, `false` or not given. */
export function checkBooleans(options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && typeof value !== 'boolean') {
      throw badArgument(`${name} must be true or false, not ${describe(value)}`)
    }
  }
}

/** What a value is, never what it holds: it may be a key. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  if (b4a.isBuffer(value)) return `a Uint8Array of ${value.byteLength} bytes`
  if (value === '') return 'an empty string'
  if (typeof value === 'string') return `a string of ${value.length} characters`
  if (value instanceof Promise) return 'a promise'
  return typeof value === 'object' ? 'another object' : `a ${typeof value}`
}
