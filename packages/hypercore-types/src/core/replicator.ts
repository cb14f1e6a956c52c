// The replication of one core with all of its peers. peer.ts has a peer. The code that attaches muxers decides which
// cores replicate with which peers.

import type { Protomux } from '../protomux.js'
import type { Core } from './core.js'
import type { Peer, ReplicationStats } from './peer.js'

/** Replicates one core over every muxer that it is attached to. */
export interface CoreReplicator {
  readonly core: Core
  readonly peers: Peer[]
  /** How many callers of `findingPeers` are active. While there is one, `update()` waits for a peer. */
  findingPeers: number
  /** How many active sessions the core has. While there is one, the core is `downloading`. */
  readonly activeSessions: number
  /** Whether this side wants the core. It then opens channels itself, not only when a peer requests the core. */
  downloading: boolean
  readonly destroyed: boolean
  /** Whether blocks are only accepted from peers that send them without a request. */
  readonly pushOnly: boolean
  /** Whether peers may send blocks without a request. */
  readonly allowPush: boolean
  readonly allowFork: boolean
  readonly eagerUpgrade: boolean
  /** The `[minimum, maximum]` of pending requests to one peer. */
  readonly inflightRange: readonly [number, number]
  readonly stats: ReplicationStats
  /** Called each time the core starts downloading, for the code that attaches muxers. `null` for no callback. */
  ondownloading: (() => void) | null
  /** Whether it is attached to that muxer. */
  attached(muxer: Protomux): boolean
  /**
   * Replicates with the peer behind that muxer: answers its requests for this core, and opens a channel once the
   * stream's handshake is done. Detaches when the stream closes. Does nothing on a closed core.
   */
  attachTo(muxer: Protomux): void
  /** Detaches from the muxer: requests of the peer are no longer answered. Open channels stay open. */
  detachFrom(muxer: Protomux): void
  /** Whether it has no peer, and none is connecting. */
  idle(): boolean
  /** Whether blocks are wanted, or still arriving. */
  isDownloading(): boolean
  /** Sets whether blocks are wanted. `false` takes effect after `notDownloadingLinger` milliseconds. */
  setDownloading(downloading: boolean): void
  setInflightRange(least: number, most: number): void
  setAllowPush(allowPush: boolean): void
  setPushOnly(pushOnly: boolean): void
  /** Holds back messages to all peers until `uncork`. */
  cork(): void
  uncork(): void
  /** Requests missing blocks from all peers. */
  updateAll(): void
  /** Closes all channels and permanently detaches from all muxers. Resolves when the channels are closed on both sides. */
  close(): Promise<unknown>
  /** Does the same without waiting for the other side. */
  destroy(): void
}
