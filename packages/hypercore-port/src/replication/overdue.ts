// Requests that a peer does not answer. Hypercore 11.39 (lib/replicator.js) asks one peer at a time for an upgrade, for the place of a byte
// and for a fork, and asks no other one before that answers or leaves. A peer that says that it has more, and answers nothing, so keeps a
// core from growing. Blocks are asked of other peers as well (hotswaps).

import type { Peer } from '@coreyard/hypercore-types'

/** After how many milliseconds another peer is asked, if there is one. */
const LIMIT = 5000
/** From one look to the next, in milliseconds, while requests are under way. */
const LOOK_EACH = 1000

interface Request {
  readonly peer: SlowPeer
  readonly block: object | null
  readonly hash: object | null
  readonly upgrade: object | null
  /** When it was made, in milliseconds since 1970. */
  readonly timestamp: number
}

/** What of Hypercore's peer is used here that its types do not have. */
interface SlowPeer {
  readonly removed: boolean
  readonly remoteLength: number
  remoteCanUpgrade: boolean
  isActive(): boolean
  _cancelRequest(request: Request): void
}

/** The same of its replicator. */
interface Internals {
  readonly core: { readonly state: { readonly length: number } | null }
  readonly destroyed: boolean
  readonly peers: readonly SlowPeer[]
  readonly _inflight: Iterable<Request> & { readonly idle: boolean }
  _clearRequest(peer: SlowPeer, request: Request): void
  queueUpdateAll(): void
}

const watches = new WeakMap<object, Watch>()

/** Watches what the core of a peer asks for. A peer that is too slow counts as one that cannot upgrade, as long as another one can. */
export function watchRequests(peer: Peer): void {
  const { replicator } = peer as unknown as { readonly replicator: Internals }
  let watch = watches.get(replicator)
  if (watch === undefined) {
    watch = new Watch(replicator)
    watches.set(replicator, watch)
  }
  watch.start()
}

/** Whether a peer is too slow to be asked for upgrades. */
export function isSlow(peer: Peer): boolean {
  const { replicator } = peer as unknown as { readonly replicator: Internals }
  return watches.get(replicator)?.isSlow(peer as unknown as SlowPeer) === true
}

/** The requests of one core. */
class Watch {
  readonly #replicator: Internals
  readonly #slow = new Set<SlowPeer>()
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(replicator: Internals) {
    this.#replicator = replicator
  }

  isSlow(peer: SlowPeer): boolean {
    return this.#slow.has(peer)
  }

  /** Looks as long as requests are under way, or peers are slow. */
  start(): void {
    if (this.#timer !== null || this.#replicator.destroyed) return
    if (this.#replicator._inflight.idle && this.#slow.size === 0) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#look()
      this.start()
    }, LOOK_EACH)
    // A browser's timer is a number and keeps nothing alive.
    if (typeof this.#timer === 'object') this.#timer.unref()
  }

  #look(): void {
    const { destroyed, peers, _inflight: inflight } = this.#replicator
    if (destroyed) return
    for (const peer of this.#slow) if (peer.removed) this.#slow.delete(peer)
    if (!peers.some((peer) => this.#canUpgrade(peer))) this.#forgive()
    const before = Date.now() - LIMIT
    const late = [...inflight].filter((request) => request.timestamp < before && this.#isFor(request))
    for (const request of late) this.#withdraw(request)
    if (late.length > 0) this.#replicator.queueUpdateAll()
  }

  /** Whether another peer can answer a request that Hypercore sends to one peer only. */
  #isFor({ peer, block, hash, upgrade }: Request): boolean {
    const { peers } = this.#replicator
    if (upgrade !== null) return peers.some((other) => other !== peer && this.#canUpgrade(other))
    return block === null && hash !== null && peers.some((other) => other !== peer && other.isActive())
  }

  #withdraw(request: Request): void {
    const { peer, upgrade } = request
    if (upgrade !== null) {
      this.#slow.add(peer)
      peer.remoteCanUpgrade = false
    }
    peer._cancelRequest(request)
    this.#replicator._clearRequest(peer, request)
  }

  #canUpgrade(peer: SlowPeer): boolean {
    const length = this.#replicator.core.state?.length ?? 0
    return peer.isActive() && !this.#slow.has(peer) && peer.remoteCanUpgrade && peer.remoteLength > length
  }

  /** No other peer can upgrade: those that are slow may try again. */
  #forgive(): void {
    if (this.#slow.size === 0) return
    const length = this.#replicator.core.state?.length ?? 0
    for (const peer of this.#slow) peer.remoteCanUpgrade = peer.remoteLength > length
    this.#slow.clear()
    this.#replicator.queueUpdateAll()
  }
}
