// The replication of one core with all of its peers. A peer lives in peer.ts; what is replicated with whom is up to
// whoever attaches muxers.

import type { Protomux } from '../protomux.js'
import type { Core } from './core.js'
import type { Peer, ReplicationStats } from './peer.js'

/** Replicates one core over every muxer that it is attached to. */
export interface CoreReplicator {
  readonly core: Core
  readonly peers: Peer[]
  /** How many look for peers right now; while there are any, `update()` waits for one. */
  findingPeers: number
  /** How many active sessions the core has; while there are any it is `downloading`. */
  readonly activeSessions: number
  /** Whether the core is wanted here: it then opens channels by itself, not only when a peer asks. */
  downloading: boolean
  readonly destroyed: boolean
  /** Whether blocks are only taken from peers who send them unasked. */
  readonly pushOnly: boolean
  /** Whether peers may send blocks unasked. */
  readonly allowPush: boolean
  readonly allowFork: boolean
  readonly eagerUpgrade: boolean
  /** `[least, most]` requests under way at once with one peer. */
  readonly inflightRange: readonly [number, number]
  readonly stats: ReplicationStats
  /** Called whenever the core starts downloading, for whoever attaches muxers. One at a time; `null` for none. */
  ondownloading: (() => void) | null
  /** Whether it is attached to that muxer. */
  attached(muxer: Protomux): boolean
  /**
   * Replicates with the peer behind that muxer: answers when it asks for this core, and opens a channel once the
   * stream's handshake is done. Lets go when the stream closes. Does nothing on a closed core.
   */
  attachTo(muxer: Protomux): void
  /** Lets go of the muxer: the peer is not answered any more. A channel that is open stays. */
  detachFrom(muxer: Protomux): void
  /** Whether it has no peer and none on its way. */
  idle(): boolean
  /** Whether blocks are wanted, or still on their way. */
  isDownloading(): boolean
  /** Whether blocks are wanted. Not wanting them any more takes effect after `notDownloadingLinger` milliseconds. */
  setDownloading(downloading: boolean): void
  setInflightRange(least: number, most: number): void
  setAllowPush(allowPush: boolean): void
  setPushOnly(pushOnly: boolean): void
  /** Holds messages to all peers back until `uncork`. */
  cork(): void
  uncork(): void
  /** Goes over the peers and asks them for what is missing. */
  updateAll(): void
  /** Closes all channels and lets go of all muxers, for good; resolves when they are closed on both sides. */
  close(): Promise<unknown>
  /** The same, at once. */
  destroy(): void
}
