// One peer that a core replicates with. noise-stream.ts and protomux.ts have the stream and the muxer under it.

import type { Bytes } from '../bytes/bytes.js'
import type { NoiseSecretStream } from '../noise-stream.js'
import type { Channel, Protomux } from '../protomux.js'
import type { Core } from './core.js'
import type { CoreReplicator } from './replicator.js'

/** How many messages of one kind were sent (`tx`) and received (`rx`). */
export interface WireCount {
  tx: number
  rx: number
}

/** Counts what replication has sent, received and had to repeat. */
export interface ReplicationStats {
  readonly wireSync: WireCount
  readonly wireRequest: WireCount
  readonly wireCancel: WireCount
  readonly wireData: WireCount
  readonly wireWant: WireCount
  readonly wireUnwant: WireCount
  readonly wireBitfield: WireCount
  readonly wireRange: WireCount
  readonly wireExtension: WireCount
  /** How many blocks were requested again, from a faster peer. */
  readonly hotswaps: number
  /** How many answers failed verification. */
  readonly invalidData: number
  /** How many requests were invalid. */
  readonly invalidRequests: number
  /** How many times a peer was asked to slow down. */
  readonly backoffs: number
  /** How many requests were answered with "not available". */
  readonly notAvailableBackoffs: number
}

/** A peer that a core replicates with. */
export interface Peer {
  readonly core: Core
  readonly replicator: CoreReplicator
  readonly stream: NoiseSecretStream
  readonly protomux: Protomux
  readonly channel: Channel
  /** 32 bytes: the public key of the peer. */
  readonly remotePublicKey: Bytes
  /** Whether the peer has proven that it knows the core's key, and said what it has. */
  readonly remoteOpened: boolean
  /** The length, in blocks, that the peer says it has. */
  readonly remoteLength: number
  /** How many blocks in a row the peer has, from the first one on. */
  readonly remoteContiguousLength: number
  readonly remoteFork: number
  /** Whether the peer can prove a longer length than ours. */
  readonly remoteCanUpgrade: boolean
  /** Whether the peer answers requests. */
  readonly remoteUploading: boolean
  /** Whether the peer wants blocks. */
  readonly remoteDownloading: boolean
  /** Whether the peer has said what it has. */
  readonly remoteSynced: boolean
  /** In blocks: the greatest length of this side that the peer has acknowledged. */
  readonly lengthAcked: number
  /** How many requests to the peer are pending. */
  readonly inflight: number
  readonly stats: ReplicationStats
  /** The `[minimum, maximum]` of pending requests. */
  readonly inflightRange: readonly [number, number]
  /** Whether the peer is disconnected. */
  readonly removed: boolean
}
