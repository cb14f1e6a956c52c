// The errors of this package. docs/errors.md explains each code.

import { CoreyardError } from '@coreyard/storage'

/**
 * What went wrong:
 *
 * - `BAD_ARGUMENT`: the argument is not a store, a key is not valid, or an option has an invalid value;
 * - `STORE_CLOSED`: the store is closed, or closes during the call;
 * - `STORE_SUSPENDED`: the store is suspended, and the call would read its records (`inspect` with `stored`, `list`, `diskUsage`);
 * - `NOT_SERVED`: no process serves the store in that directory to other processes.
 */
export type InspectorErrorCode = 'BAD_ARGUMENT' | 'STORE_CLOSED' | 'STORE_SUSPENDED' | 'NOT_SERVED'

/** The error that the inspector throws. `code` says which kind. */
export class InspectorError extends CoreyardError<InspectorErrorCode> {
  static override readonly kind = 'InspectorError'
}

export function badArgument(message: string): InspectorError {
  return new InspectorError('BAD_ARGUMENT', message)
}

export function storeClosed(): InspectorError {
  return new InspectorError('STORE_CLOSED', 'The store is closed: open a new one to look into')
}
