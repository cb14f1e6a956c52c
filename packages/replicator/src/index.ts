/**
 * Replicates many Hypercores over one stream: all of them with everybody, or by a policy of your own.
 *
 * {@link AllToAllReplicator} is the replicator that a Coreyard store has if it is given none. Options narrow what it does:
 *
 * ```ts
 * import { AllToAllReplicator } from '@coreyard/replicator'
 *
 * declare const friends: { has(publicKey: Uint8Array): boolean }
 *
 * const replicator = new AllToAllReplicator({
 *   authorize: (discoveryKey, remotePublicKey) => friends.has(remotePublicKey),
 * })
 * ```
 *
 * A replicator of your own implements {@link Replicator}; {@link PeerStreams} keeps its streams, so that it only has to say
 * which cores go where. `@coreyard/replicator/test` tests that it does what every store relies on.
 *
 * @module
 */
export { type AllToAllOptions, AllToAllReplicator } from './all-to-all.js'
export { CoreyardError } from './coreyard-error.js'
export { type DiscoveryKeyListener, onDiscoveryKey } from './discovery-keys.js'
export { ReplicatorError, type ReplicatorErrorCode } from './errors.js'
export { HypercoreSource } from './hypercore-source.js'
export type { StreamLimits } from './limits.js'
export type { Outcome, OutcomeReason } from './outcomes.js'
export type { PeerStream } from './peer-stream.js'
export { PeerStreams, type StreamPolicy } from './peer-streams.js'
export type { Authorize } from './permissions.js'
export {
  type OpenedStream,
  openReplicationStream,
  type ReplicateArguments,
  readReplicateArguments,
} from './replication-stream.js'
export type {
  Asker,
  CoreSource,
  ReplicableCore,
  ReplicateOptions,
  ReplicationTarget,
  Replicator,
  SharedStream,
  Stored,
  StreamView,
  Wait,
} from './replicator.js'
