// Errors with the codes that stores know from files of Node.js. Browsers use other names.

/** What went wrong: `ELOCKED`, `ENOSPC`, `EPARTIALREAD`, `EBADF` (not open), `ENOTSUP` (no OPFS here), `EIO` (anything else). */
export type OpfsErrorCode = 'ELOCKED' | 'ENOSPC' | 'EPARTIALREAD' | 'EBADF' | 'ENOTSUP' | 'EIO'

/** The error of a call on a file. `code` says what went wrong. It is not a `CoreyardError`: a store reports a `StorageError` instead. */
export class OpfsError extends Error {
  override readonly name = 'OpfsError'
  readonly code: OpfsErrorCode

  constructor(code: OpfsErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** Turns an error of the browser into an `OpfsError` that names the file. */
export function toOpfsError(cause: unknown, file: string): OpfsError {
  if (cause instanceof OpfsError) return cause
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  if (isNamed(cause, 'QuotaExceededError')) return full(file, cause)
  return new OpfsError('EIO', `${file} of this origin failed (${reason})`, { cause })
}

export function locked(file: string): OpfsError {
  return new OpfsError(
    'ELOCKED',
    `${file} of this origin is open elsewhere, in another tab or worker: close that one first`,
  )
}

export function full(file: string, cause?: unknown): OpfsError {
  return new OpfsError(
    'ENOSPC',
    `ENOSPC: ${file} cannot grow, as this origin has used its quota: delete something of it, or ask for more with ` +
      'navigator.storage.persist()',
    { cause },
  )
}

/** @param reason the error of the browser, if there is one */
export function unsupported(why: string, reason?: unknown): OpfsError {
  return new OpfsError('ENOTSUP', `${why}: use memory in its place, such as memoryStorage()`, {
    cause: reason,
  })
}

/** A `DOMException` is recognised by its name. */
export function isNamed(error: unknown, name: string): boolean {
  return typeof error === 'object' && error !== null && Reflect.get(error, 'name') === name
}
