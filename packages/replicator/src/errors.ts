// The errors of this package. docs/errors.md explains each code. The errors of a stream itself are not changed.
import { CoreyardError } from './coreyard-error.js'

/**
 * What went wrong:
 *
 * - `BAD_ARGUMENT`: the target is not a stream, or an option is invalid;
 * - `REPLICATOR_CLOSED`: the replicator was closed, together with its store;
 * - `REPLICATOR_NOT_STARTED`: the replicator has no store yet;
 * - `REPLICATOR_IN_USE`: another store already has the replicator;
 * - `TOO_MANY_STREAMS`: a peer has opened more streams than `maxStreams`. The encrypted stream emits it as `warning`, and is destroyed with
 *   it if `replicate` made it. No call throws it.
 * - `WRONG_PEER`: the peer has another public key than the option `remotePublicKey`. The stream is destroyed with it. No call throws it.
 */
export type ReplicatorErrorCode =
  | 'BAD_ARGUMENT'
  | 'REPLICATOR_CLOSED'
  | 'REPLICATOR_NOT_STARTED'
  | 'REPLICATOR_IN_USE'
  | 'TOO_MANY_STREAMS'
  | 'WRONG_PEER'

/** An error of a replicator. */
export class ReplicatorError extends CoreyardError<ReplicatorErrorCode> {
  static override readonly kind = 'ReplicatorError'
}

export function badArgument(what: string, right: string, value: unknown): ReplicatorError {
  const given = CoreyardError.describe(value, 'number')
  return new ReplicatorError('BAD_ARGUMENT', `${what} must be ${right}, not ${given}`)
}
