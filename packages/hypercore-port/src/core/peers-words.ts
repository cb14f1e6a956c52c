// What the peers of a core say they have of it, while the core waits for what is newer than its own. A peer that had less proves
// nothing, and still proves nothing when it has the rest from us.
//
// Hypercore tells no one what a peer says first. It calls `onsync` of a peer for each of its messages, and `_onpeerupdate` of the core's
// replicator for each new peer (lib/replicator.js); both are wrapped here.

import type { Core, Peer } from '@coreyard/hypercore-types'
import b4a from 'b4a'

interface Has {
  readonly fork: number
  readonly length: number
}
/** Hypercore's replicator and peers, as far as they are wrapped or read. */
interface ReplicatorInternals {
  readonly _attached: Set<unknown>
  readonly _ifAvailable: number
  _onpeerupdate(isAdded: boolean, peer: PeerInternals): void
}
interface PeerInternals extends Peer {
  onsync(message: Has): Promise<void>
}

/** How many peers are remembered that had less. One that comes after so many others is believed. */
const MOST_TAUGHT = 10_000

export class PeersWords {
  readonly #core: Core
  readonly #replicator: ReplicatorInternals
  /** Peers that had what we have, or more, before they could have it from us. */
  readonly #knowing = new WeakSet<Peer>()
  /** The public keys of those that had less. */
  readonly #taught = new Set<string>()

  /** To be made before the core has peers. */
  constructor(core: Core) {
    this.#core = core
    this.#replicator = core.replicator as unknown as ReplicatorInternals
    const { _onpeerupdate: update } = this.#replicator
    this.#replicator._onpeerupdate = (isAdded, peer) => {
      if (isAdded) this.#listenTo(peer)
      update.call(this.#replicator, isAdded, peer)
    }
  }

  /** Whether the peers have said what they have, none has more, and they can know: what was appended after a copy was made is with them. */
  get isSettled(): boolean {
    const { peers } = this.#core.replicator
    if (peers.some((peer) => !peer.remoteSynced || this.#compare(peer.remoteFork, peer.remoteLength) > 0))
      return false
    // Of an empty core no peer has less: then all must have answered.
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

  /** Above 0 if that is newer than what we have, 0 if it is the same. */
  #compare(fork: number, length: number): number {
    const { state } = this.#core
    if (state === null) return -1
    return fork === state.fork ? length - state.length : fork - state.fork
  }
}
