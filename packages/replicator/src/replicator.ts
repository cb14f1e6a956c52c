// The interfaces between a store and its replicator, and the arguments of `replicate`. The streams are managed in peer-streams.ts; the
// default policy is in all-to-all.ts.

import type {
  CoreReplicator,
  EncryptedStream,
  NoiseSecretStream,
  NoiseSecretStreamOptions,
  Protomux,
  ReplicationStream,
} from '@coreyard/hypercore-types'
import type { Outcome } from './outcomes.js'

/** What replication needs of an open core. Hypercore 11's `Core` (a session's `core.core`) implements it. */
export interface ReplicableCore {
  /** 32 bytes. It identifies the core to peers. It is not enough to read the core. */
  readonly discoveryKey: Uint8Array
  /** Hypercore's own replicator of this core. It speaks the protocol on the muxers that it is attached to. */
  readonly replicator: Pick<
    CoreReplicator,
    'downloading' | 'destroyed' | 'attached' | 'attachTo' | 'detachFrom'
  >
}

/** The peer that a core is opened for. A `PeerStream` implements it. */
export interface Asker {
  /**
   * 32 bytes. Streams with the same public key share one part of the number of cores that the store opens for peers. `null` if the
   * handshake gives no key.
   */
  readonly publicKey: Uint8Array | null
  /** Whether the stream has closed. If so, no core is opened for it. */
  readonly closed: boolean
}

/** What a replicator gets from its store. */
export interface CoreSource {
  /** The cores that are open right now, in any order. */
  openCores(): Iterable<ReplicableCore>
  /**
   * Opens the core if the store has it, and passes it to `use`. It never creates a core. The core stays open until `use` has returned, or
   * until its promise has settled (a Coreyard store waits 10 seconds at most), and for as long as it is attached to a stream. Rejects if
   * the storage fails.
   *
   * @param discoveryKey 32 bytes
   * @param asker the peer that the core is opened for. A store that limits how many cores are open for peers shares that capacity
   *   between them. Without `asker`, the core counts for an anonymous peer
   */
  withStored(discoveryKey: Uint8Array, use: (core: ReplicableCore) => unknown, asker?: Asker): Promise<Stored>
  /** Called with an error that no caller receives. A store emits it as `warning`. */
  warn?(error: unknown): void
}

/**
 * `true`: the store has the core, and `use` was called with it. `false`: the store does not have it. A `Wait`: the store has it, and calls
 * `use` once there is capacity.
 */
export type Stored = boolean | Wait

/** The wait of a stored core for the capacity to open it. */
export interface Wait {
  /** Settles once `use` was called, or is certain not to be called: the peer's stream has closed, or the core was deleted. */
  readonly settled: Promise<unknown>
}

/** Decides which cores of a store are replicated with which peers. */
export interface Replicator {
  /** Called by the store, once and before anything else. */
  start(source: CoreSource): void
  /**
   * Replicates over a stream until that closes. Calling it again with the same stream has no effect.
   *
   * @returns the stream that was passed in or made
   * @throws ReplicatorError `BAD_ARGUMENT` if the target is not a stream or an option is invalid, `REPLICATOR_CLOSED` after `close`
   */
  replicate(target: ReplicationTarget, options?: ReplicateOptions): ReplicationStream
  /**
   * Called when a core has opened, and when it begins to download, so that it can be attached to the existing streams.
   */
  offer(core: ReplicableCore): void
  /**
   * Optional. Called whenever a core opens: the store has it from now on. Use it if the replicator remembers which cores it could not find.
   *
   * @param discoveryKey 32 bytes
   */
  stored?(discoveryKey: Uint8Array): void
  /**
   * Optional. Detaches the cores from the peers, then decides again about each. A store offers it as `store.replicator.revoke`.
   *
   * @param discoveryKey 32 bytes; `undefined` for every core
   * @param remotePublicKey 32 bytes; `undefined` for every peer
   */
  revoke?(discoveryKey?: Uint8Array, remotePublicKey?: Uint8Array): void
  /** Optional. Returns all current streams, including those whose handshake is not done. For inspection only. */
  streams?(): Iterable<StreamView>
  /** Called when the store closes. Destroys the streams that `replicate` made and releases those that were passed in. */
  close(): Promise<void>
}

/** A read-only view of a stream that cores are replicated over. A `PeerStream` implements it. */
export interface StreamView {
  readonly noiseStream: NoiseSecretStream
  readonly muxer: Protomux
  /** Whether the replicator made it. */
  readonly made: boolean
  /** 32 bytes; `null` before the handshake is done. */
  readonly publicKey: Uint8Array | null
  /** Why cores are not attached to it. */
  readonly outcomes: Iterable<Outcome>
  /** The cores that have a channel on it, and whether the peer has opened its side. */
  channels(): Iterable<{ readonly core: ReplicableCore; readonly isOpen: boolean }>
}

/**
 * What to replicate over:
 *
 * - a boolean makes a stream, to be piped over any transport; `true` on the side that begins the handshake, `false` on the
 *   other;
 * - an encrypted stream (a Hyperswarm connection is one), or a muxer on one, is used as it is, and shared with the other
 *   protocols that run on it. The same is true for `{ stream }`.
 */
export type ReplicationTarget = boolean | SharedStream | { readonly stream: SharedStream }

/** A stream that the caller made. */
export type SharedStream = EncryptedStream | Protomux

/** The options of `replicate`. Those of the encrypted stream have an effect only if `replicate` makes the stream. */
export interface ReplicateOptions extends Omit<NoiseSecretStreamOptions, 'autoStart' | 'keepAlive'> {
  /** The stream to use. The boolean argument is then ignored, because the stream knows which side it is. */
  stream?: SharedStream | undefined
  /**
   * How often an idle stream sends an empty message, in milliseconds. `false`: never. Both sides must do it, or neither. A stream that
   * already has a muxer keeps its own interval. Default: 5000, the same as in Hypercore.
   */
  keepAlive?: number | false | undefined
}
