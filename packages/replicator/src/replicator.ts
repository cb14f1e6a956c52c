// What a store and its replicator are to each other: three small interfaces, and what `replicate` takes. How streams are
// kept lives in peer-streams.ts, the default policy in all-to-all.ts.

import type {
  CoreReplicator,
  EncryptedStream,
  NoiseSecretStream,
  NoiseSecretStreamOptions,
  Protomux,
  ReplicationStream,
} from '@coreyard/hypercore-types'
import type { Outcome } from './outcomes.js'

/** What replication needs of a core that is open. Hypercore 11's `Core` (a session's `core.core`) is one as it is. */
export interface ReplicableCore {
  /** 32 bytes. It names the core to peers; a peer that has only this cannot read the core. */
  readonly discoveryKey: Uint8Array
  /** Hypercore's own part: it speaks the protocol, on the muxers that it is attached to. */
  readonly replicator: Pick<
    CoreReplicator,
    'downloading' | 'destroyed' | 'attached' | 'attachTo' | 'detachFrom'
  >
}

/** The peer that a core is opened for. A `PeerStream` is one. */
export interface Asker {
  /** 32 bytes. Streams with the same public key share one part of the capacity. `null` if the handshake names no key. */
  readonly publicKey: Uint8Array | null
  /** Whether the peer has gone: nothing is opened for it any more. */
  readonly closed: boolean
}

/** What a replicator gets from its store. */
export interface CoreSource {
  /** The cores that are open right now, in any order. */
  openCores(): Iterable<ReplicableCore>
  /**
   * Opens the core if the store has it, and hands it to `use`. The core stays open at least until `use` has returned (or its
   * promise has settled, within some seconds), and for as long as it is attached to a stream. Creates nothing. Rejects if the storage
   * fails.
   *
   * @param discoveryKey 32 bytes
   * @param asker the peer that the core is opened for. A store that bounds how many cores are open shares that capacity between
   *   peers. Without it, the core counts for a peer without a name
   */
  withStored(discoveryKey: Uint8Array, use: (core: ReplicableCore) => unknown, asker?: Asker): Promise<Stored>
  /** Told of what failed of which no caller is told. A store emits it as `warning`. */
  warn?(error: unknown): void
}

/** Whether a store has a core and `use` was called with it. A `Wait`: it has, and `use` is called when there is capacity. */
export type Stored = boolean | Wait

/** A core that is stored, and waits for capacity to be opened. */
export interface Wait {
  /** Settles when `use` was called, or will not be: the peer has gone, or the core was deleted. */
  readonly settled: Promise<unknown>
}

/** Decides which cores of a store are replicated with which peers. */
export interface Replicator {
  /** Called by the store, once and before anything else. */
  start(source: CoreSource): void
  /**
   * Replicates over a stream until that closes. Once more with the same stream changes nothing.
   *
   * @returns the stream that was given, or the one that was made
   * @throws ReplicatorError `BAD_ARGUMENT` for what is no stream or an option that has no meaning, `REPLICATOR_CLOSED` after `close`
   */
  replicate(target: ReplicationTarget, options?: ReplicateOptions): ReplicationStream
  /**
   * An open core may be attached to the streams that are there already: called when it has opened, and when it begins to
   * download.
   */
  offer(core: ReplicableCore): void
  /**
   * Optional. The store has this core, from now on if not before: called whenever a core opens, for a replicator that remembers
   * which cores it could not find.
   *
   * @param discoveryKey 32 bytes
   */
  stored?(discoveryKey: Uint8Array): void
  /**
   * Optional. Detaches what is attached, and decides again. A store offers it as `store.replicator.revoke`.
   *
   * @param discoveryKey 32 bytes; `undefined` for every core
   * @param remotePublicKey 32 bytes; `undefined` for every peer
   */
  revoke?(discoveryKey?: Uint8Array, remotePublicKey?: Uint8Array): void
  /** Optional. The streams that are there, for whoever looks: those included whose handshake is not done. */
  streams?(): Iterable<StreamView>
  /** The store closes: destroys the streams that were made here and lets go of those that were handed in. */
  close(): Promise<void>
}

/** A stream that cores are replicated over, to look at. A `PeerStream` is one. */
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
 * - an encrypted stream (a Hyperswarm connection is one), or a muxer on one, is used as it is, and shared with whatever
 *   other protocols run on it. The same goes for `{ stream }`.
 */
export type ReplicationTarget = boolean | SharedStream | { readonly stream: SharedStream }

/** A stream that somebody else made. */
export type SharedStream = EncryptedStream | Protomux

/** Options of `replicate`. Those of the encrypted stream matter only to one that is made. */
export interface ReplicateOptions extends Omit<NoiseSecretStreamOptions, 'autoStart' | 'keepAlive'> {
  /** The stream to use. The boolean that stands before it then means nothing: the stream itself knows its side. */
  stream?: SharedStream | undefined
  /**
   * Every how many milliseconds an idle stream sends an empty message; `false` for never. Both sides must do it, or
   * neither. A stream that already has a muxer keeps what it has. Default: 5000, as Hypercore's.
   */
  keepAlive?: number | false | undefined
}
