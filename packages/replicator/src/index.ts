/**
 * Replicates many Hypercores over one stream: every core with every peer, or as a custom policy decides.
 *
 * {@link AllToAllReplicator} is the default replicator of a Coreyard store. Its options restrict it:
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
 * A custom replicator implements {@link Replicator}. {@link PeerStreams} manages the streams, so your replicator only decides which cores
 * are attached to which streams. `@coreyard/replicator/test` tests that it does what every store relies on.
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
