// The errors of this package. docs/errors.md explains each code.

import { CoreyardError } from '@coreyard/storage'

/**
 * What went wrong:
 *
 * - `BAD_ARGUMENT`: what was given is no store, no key, or an option has no meaning;
 * - `STORE_CLOSED`: the store is closed, or closes while it is looked at;
 * - `STORE_SUSPENDED`: the store is suspended, and this would read its records;
 * - `NOT_SERVED`: no process lets others look into the store in that directory.
 */
export type InspectorErrorCode = 'BAD_ARGUMENT' | 'STORE_CLOSED' | 'STORE_SUSPENDED' | 'NOT_SERVED'

/** What the inspector throws: `code` says of which kind. */
export class InspectorError extends CoreyardError<InspectorErrorCode> {
  static override readonly kind = 'InspectorError'
}

export function badArgument(message: string): InspectorError {
  return new InspectorError('BAD_ARGUMENT', message)
}

export function storeClosed(): InspectorError {
  return new InspectorError('STORE_CLOSED', 'The store is closed: open a new one to look into')
}
