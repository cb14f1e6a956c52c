// Handles requests that a peer does not answer. Hypercore 11.39 (lib/replicator.js) asks one peer at a time for an upgrade, for the
// position of a byte and for a fork, and asks no other peer before that peer answers or leaves. So a peer that claims to have more, and
// answers nothing, keeps a core from growing. Blocks are requested from other peers as well (hotswaps).

import type { Peer } from '@coreyard/hypercore-types'

/** After how many milliseconds another peer is asked, if there is one. */
const LIMIT = 5000
/** How often requests are checked while some are pending, in milliseconds. */
const LOOK_EACH = 1000

interface Request {
  readonly peer: SlowPeer
  readonly block: object | null
  readonly hash: object | null
  readonly upgrade: object | null
  /** When it was made, in milliseconds since 1970. */
  readonly timestamp: number
}

/** The members of Hypercore's peer that are used here and that its types lack. */
interface SlowPeer {
  readonly removed: boolean
  readonly remoteLength: number
  remoteCanUpgrade: boolean
  isActive(): boolean
  _cancelRequest(request: Request): void
}

/** The members of Hypercore's replicator that are used here and that its types lack. */
interface Internals {
  readonly core: { readonly state: { readonly length: number } | null }
  readonly destroyed: boolean
  readonly peers: readonly SlowPeer[]
  readonly _inflight: Iterable<Request> & { readonly idle: boolean }
  _clearRequest(peer: SlowPeer, request: Request): void
  queueUpdateAll(): void
}

const watches = new WeakMap<object, Watch>()

/** Watches the requests of the core of a peer. A slow peer counts as a peer that cannot upgrade, as long as another peer can. */
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

  /** Checks repeatedly while requests are pending, or peers are slow. */
  start(): void {
    if (this.#timer !== null || this.#replicator.destroyed) return
    if (this.#replicator._inflight.idle && this.#slow.size === 0) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#look()
      this.start()
    }, LOOK_EACH)
    // In a browser, a timer is a number and has no `unref`.
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

  /** If no other peer can upgrade, slow peers may try again. */
  #forgive(): void {
    if (this.#slow.size === 0) return
    const length = this.#replicator.core.state?.length ?? 0
    for (const peer of this.#slow) peer.remoteCanUpgrade = peer.remoteLength > length
    this.#slow.clear()
    this.#replicator.queueUpdateAll()
  }
}
