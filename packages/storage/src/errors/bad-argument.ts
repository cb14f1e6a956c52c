// The error for a wrong argument, and how it describes the argument.
import { CoreyardError } from '@coreyard/random-access-kv'

/** The error for a wrong argument. */
export function badArgument(message: string, cause?: unknown): TypeError & { readonly code: 'BAD_ARGUMENT' } {
  const error = cause === undefined ? new TypeError(message) : new TypeError(message, { cause })
  return Object.assign(CoreyardError.brand(error), { code: 'BAD_ARGUMENT' as const })
}

/** Throws unless each of these options is `true`, `false` or not given. */
export function checkBooleans(options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && typeof value !== 'boolean') {
      throw badArgument(`${name} must be true or false, not ${describe(value)}`)
    }
  }
}

/** Describes the kind of a value. It never shows the content, which may be a key. */
export const describe = CoreyardError.describe

/** Throws for an option that is probably a misspelling of one of these. */
export function refuseMisspelled(options: object, names: readonly string[]): void {
  const typo = CoreyardError.misspelled(options, new Set(names))
  if (typo !== null) throw badArgument(typo)
}
