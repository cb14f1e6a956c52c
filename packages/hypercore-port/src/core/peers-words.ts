// What the peers of a core say they have, while the core waits for newer blocks. A peer that had fewer blocks than this side does not show
// that this side is up to date, even after it has downloaded the rest from here.
//
// Hypercore has no event for the first message of a peer. It calls `onsync` of a peer for each of its messages, and `_onpeerupdate` of the
// core's replicator for each new peer (lib/replicator.js). Both are wrapped here.

import type { Core, Peer } from '@coreyard/hypercore-types'
import b4a from 'b4a'

interface Has {
  readonly fork: number
  readonly length: number
}
/** The parts of Hypercore's replicator and peers that are wrapped or read. */
interface ReplicatorInternals {
  readonly _attached: Set<unknown>
  readonly _ifAvailable: number
  _onpeerupdate(isAdded: boolean, peer: PeerInternals): void
}
interface PeerInternals extends Peer {
  onsync(message: Has): Promise<void>
}

/** How many peers that had fewer blocks are remembered. Later ones count as if they had been up to date. */
const MOST_TAUGHT = 10_000

/** Records what the peers of a core say they have, to decide whether the core is up to date. */
export class PeersWords {
  readonly #core: Core
  readonly #replicator: ReplicatorInternals
  /** Peers that had all blocks of this side, or more, before they could download them from here. */
  readonly #knowing = new WeakSet<Peer>()
  /** The public keys of the peers that had fewer blocks. */
  readonly #taught = new Set<string>()

  /** Construct it before the core has peers. */
  constructor(core: Core) {
    this.#core = core
    this.#replicator = core.replicator as unknown as ReplicatorInternals
    const { _onpeerupdate: update } = this.#replicator
    this.#replicator._onpeerupdate = (isAdded, peer) => {
      if (isAdded) this.#listenTo(peer)
      update.call(this.#replicator, isAdded, peer)
    }
  }

  /** Whether all peers have said what they have, none has more, and one had everything before it could download it from here. */
  get isSettled(): boolean {
    const { peers } = this.#core.replicator
    if (peers.some((peer) => !peer.remoteSynced || this.#compare(peer.remoteFork, peer.remoteLength) > 0))
      return false
    // No peer has fewer blocks than an empty core, so all peers must have answered.
    if (this.#core.state?.length === 0)
      return this.#replicator._attached.size > 0 && this.#replicator._ifAvailable === 0
    return peers.some((peer) => this.#knowing.has(peer))
  }

  #listenTo(peer: PeerInternals): void {
    const { onsync } = peer
    const id = b4a.toString(peer.remotePublicKey, 'hex')
    let isFirst = true
    peer.onsync = (message) => {
      const order = this.#compare(message.fork, message.length)
      if (order > 0 || (order === 0 && isFirst && !this.#taught.has(id))) this.#knowing.add(peer)
      if (order < 0 && isFirst && this.#taught.size < MOST_TAUGHT) this.#taught.add(id)
      isFirst = false
      return onsync.call(peer, message)
    }
  }

  /** Returns a number above 0 if the state is newer than that of this side, and 0 if it is the same. */
  #compare(fork: number, length: number): number {
    const { state } = this.#core
    if (state === null) return -1
    return fork === state.fork ? length - state.length : fork - state.fork
  }
}
