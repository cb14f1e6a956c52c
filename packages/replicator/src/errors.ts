// The errors of this package. What a stream itself fails with is the stream's. docs/errors.md explains each code.
import { CoreyardError } from './coreyard-error.js'

/**
 * What went wrong:
 *
 * - `BAD_ARGUMENT`: what was given as a stream is none, or an option has no meaning;
 * - `REPLICATOR_CLOSED`: it was closed with its store and replicates nothing any more;
 * - `REPLICATOR_NOT_STARTED`: no store has been given to it yet;
 * - `REPLICATOR_IN_USE`: another store already has it;
 * - `TOO_MANY_STREAMS`: a peer has opened more streams than `maxStreams`. The stream is told, no caller is.
 */
export type ReplicatorErrorCode =
  | 'BAD_ARGUMENT'
  | 'REPLICATOR_CLOSED'
  | 'REPLICATOR_NOT_STARTED'
  | 'REPLICATOR_IN_USE'
  | 'TOO_MANY_STREAMS'

/** An error of a replicator. */
export class ReplicatorError extends CoreyardError<ReplicatorErrorCode> {
  static override readonly kind = 'ReplicatorError'
}

export function badArgument(what: string, right: string, value: unknown): ReplicatorError {
  const given = CoreyardError.describe(value, 'number')
  return new ReplicatorError('BAD_ARGUMENT', `${what} must be ${right}, not ${given}`)
}
