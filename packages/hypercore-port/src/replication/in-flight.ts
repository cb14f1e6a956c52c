// How many blocks are requested from a peer at a time. Hypercore 11.39 (lib/replicator.js, `getMaxInflight`) requests 48 over a stream that
// does not report its latency, such as TCP, and 16 or more over one that does, such as UDX. For blocks of 1 KB over TCP with 40 ms, that is
// 1 MB in a second, however fast the link is. Blocks that arrive together are also written together.

import type { Peer } from '@coreyard/hypercore-types'

/** How many requested bytes may be pending: as many as 100 Mbit/s carry in 80 ms. */
const BYTES = 2 ** 20
/** If there are more peers than this, each gets fewer requests. */
const FEW_PEERS = 2

/** The members of Hypercore's peer that are replaced and read. */
interface Internals {
  /** The minimum and the maximum number of blocks. */
  readonly inflightRange: readonly [number, number]
  readonly core: { readonly state: { readonly length: number; readonly byteLength: number } | null }
  readonly replicator: { readonly peers: { readonly length: number } }
  getMaxInflight(): number
}

/** Makes Hypercore request about a megabyte of blocks from a peer at a time. Calling it again changes nothing. */
export function askForBytes(peer: Peer): void {
  const internals = peer as unknown as Internals
  if (internals.getMaxInflight !== maxInflight) Object.assign(peer, { getMaxInflight: maxInflight })
}

/** Replaces the peer's method of that name: one function for all peers. */
function maxInflight(this: Internals): number {
  const { getMaxInflight: original } = Object.getPrototypeOf(this) as Internals
  const least = original.call(this)
  const { length = 0, byteLength = 0 } = this.core.state ?? {}
  if (length === 0) return least
  const blocks = BYTES / Math.max(1, byteLength / length)
  const part = Math.min(1, FEW_PEERS / this.replicator.peers.length)
  return Math.max(least, Math.min(this.inflightRange[1], Math.round(blocks * part)))
}
