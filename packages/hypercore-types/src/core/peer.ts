// One peer that a core replicates with. The stream and the muxer beneath live in noise-stream.ts and protomux.ts.

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

/** What replication has sent, received and had to do over. */
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
  /** Blocks that were asked of a faster peer after all. */
  readonly hotswaps: number
  /** Answers that did not verify. */
  readonly invalidData: number
  /** Requests that could not be. */
  readonly invalidRequests: number
  /** Times a peer was asked to slow down. */
  readonly backoffs: number
  readonly notAvailableBackoffs: number
}

/** A peer that a core replicates with. */
export interface Peer {
  readonly core: Core
  readonly replicator: CoreReplicator
  readonly stream: NoiseSecretStream
  readonly protomux: Protomux
  readonly channel: Channel
  /** 32 bytes: who the peer is. */
  readonly remotePublicKey: Bytes
  /** Whether the peer has proven that it knows the core's key, and said what it has. */
  readonly remoteOpened: boolean
  /** In blocks: the length that the peer says it has. */
  readonly remoteLength: number
  /** From the first block on, how many blocks in a row the peer has. */
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
  /** In blocks: our length, as far as the peer has said that it knows of it. */
  readonly lengthAcked: number
  /** How many requests to the peer are under way. */
  readonly inflight: number
  readonly stats: ReplicationStats
  /** `[least, most]` requests under way at once. */
  readonly inflightRange: readonly [number, number]
  /** Whether it has gone. */
  readonly removed: boolean
}
