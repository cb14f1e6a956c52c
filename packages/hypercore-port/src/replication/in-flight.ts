// How many blocks a peer is asked for at a time. Hypercore 11.39 (lib/replicator.js, `getMaxInflight`) asks for 48 over a stream that does not
// tell its latency, as TCP, and for 16 and more over one that does, as UDX. Of blocks of 1 KB, over TCP with 40 ms, that is 1 MB in a second,
// however fast the link is. Blocks that arrive together are also written together.

import type { Peer } from '@coreyard/hypercore-types'

/** How many bytes may be under way: what 100 Mbit/s carry in 80 ms. */
const BYTES = 2 ** 20
/** With more peers than this, each is asked for less. */
const FEW_PEERS = 2

/** What of Hypercore's peer is replaced and read. */
interface Internals {
  /** The least and the most blocks. */
  readonly inflightRange: readonly [number, number]
  readonly core: { readonly state: { readonly length: number; readonly byteLength: number } | null }
  readonly replicator: { readonly peers: { readonly length: number } }
  getMaxInflight(): number
}

/** Has a peer asked for so many blocks as are a megabyte. Calling it again changes nothing. */
export function askForBytes(peer: Peer): void {
  const internals = peer as unknown as Internals
  if (internals.getMaxInflight !== maxInflight) Object.assign(peer, { getMaxInflight: maxInflight })
}

/** Instead of the peer's method of that name: one function for all peers. */
function maxInflight(this: Internals): number {
  const { getMaxInflight: original } = Object.getPrototypeOf(this) as Internals
  const least = original.call(this)
  const { length = 0, byteLength = 0 } = this.core.state ?? {}
  if (length === 0) return least
  const blocks = BYTES / Math.max(1, byteLength / length)
  const part = Math.min(1, FEW_PEERS / this.replicator.peers.length)
  return Math.max(least, Math.min(this.inflightRange[1], Math.round(blocks * part)))
}
