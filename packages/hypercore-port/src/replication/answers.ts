// Drops answers of a peer that do not match the request. Hypercore 11.39 (lib/replicator.js, `_handleData`) checks proofs, and stores
// nothing that is wrong. But
//
// - it still waits for an answer that it has dropped: after a proof of another fork, or an answer without the block, no peer is asked
//   for that upgrade or block again, for as long as the core is open;
// - it asks a peer again that has sent a wrong proof, as often as that peer says that there is no conflict;
// - it keeps an entry for each fork that a peer has named (`_reorgs`), and goes through all of them for each message.

import type { Channel, Peer } from '@coreyard/hypercore-types'
import { askForBytes } from './in-flight.js'
import { isSlow, watchRequests } from './overdue.js'

/** How many wrong proofs a peer may send, each after it was trusted again. Two honest peers send some when their core is truncated. */
const MOST_WRONG = 32
/** After how many milliseconds a wrong proof is forgotten. */
const FORGIVEN_AFTER = 10_000
/** Hypercore's reason for an answer without data. It stops asking a peer that has sent it 32 times. */
const NOT_AVAILABLE = 1
/** How many forks may be examined at a time. */
const MOST_FORKS = 64

/** An answer (lib/messages.js, `data`). `request` is 0 without a request. */
interface Answer {
  readonly request: number
  readonly fork: number
  readonly upgrade: object | null
  readonly manifest: object | null
}

/** What a side has of a core (lib/messages.js, `sync`). */
interface Sync {
  readonly fork: number
  readonly canUpgrade: boolean
}

/** A request. */
interface Request {
  readonly peer: unknown
  readonly fork: number
  readonly block: { readonly index: number } | null
  readonly hash: { readonly index: number } | null
  readonly upgrade: object | null
  readonly manifest: boolean
}

/** Anything that waits for answers. */
interface Waiting {
  readonly inflight: readonly Request[]
}

interface Fork {
  readonly inflight: readonly { readonly peer: { readonly removed: boolean } }[]
  /** `null` until a peer has proved that the fork exists. */
  readonly batch: object | null
}

/** The members of Hypercore's peer and replicator that are used here and that their types lack. */
interface Internals {
  paused: boolean
  readonly stats: { readonly invalidData: number }
  readonly core: { readonly state: { readonly fork: number } | null }
  readonly replicator: {
    readonly destroyed: boolean
    readonly allowPush: boolean
    readonly _inflight: { get(id: number): Request | null }
    readonly _blocks: { get(index: number): Waiting | null }
    readonly _hashes: { get(index: number): Waiting | null }
    readonly _upgrade: Waiting | null
    readonly _seeks: readonly Waiting[]
    _reorgs: readonly Fork[]
    _matchingRequest(request: Request, answer: Answer): boolean
    _onnodata(peer: object, request: Request, reason: number): void
  }
  onnodata(message: { readonly request: number; readonly reason: number }): void
}

type OnMessage = (value: unknown, channel: Channel) => unknown

/** Calls Hypercore's handler of answers, and makes Hypercore forget requests that would never be answered. */
export function checkedAnswers(original: OnMessage): OnMessage {
  const trusts = new WeakMap<Peer, Trust>()
  return (value, channel) => {
    const answer = value as Answer
    const peer = channel.userData as Peer
    const internals = peer as unknown as Internals
    const { replicator } = internals
    const found = answer.request > 0 ? replicator._inflight.get(answer.request) : null
    const request = found?.peer === peer ? found : null
    if (request === null && isWorthless(answer, internals)) return undefined
    if (trusts.get(peer)?.isLost === true || (request !== null && !isAnswer(request, answer, internals))) {
      internals.onnodata({ request: answer.request, reason: NOT_AVAILABLE })
      return undefined
    }
    const { invalidData } = internals.stats
    return (original(value, channel) as Promise<void>).then(() => {
      if (request !== null && !replicator.destroyed && isWaiting(request, replicator)) {
        replicator._onnodata(peer, request, NOT_AVAILABLE)
      }
      if (internals.stats.invalidData > invalidData) noteWrong(trusts, peer, internals)
      else if (request === null && !internals.paused) trusts.get(peer)?.believe()
    })
  }
}

/** Calls Hypercore's handler of `sync`, if few forks are examined. Forks that only this peer has named are dropped first. */
export function checkedSyncs(original: OnMessage): OnMessage {
  return (value, channel) => {
    const sync = value as Sync
    const peer = channel.userData as Peer
    if (!makesWay(sync, peer)) return undefined
    askForBytes(peer)
    const result = original(sync.canUpgrade && isSlow(peer) ? { ...sync, canUpgrade: false } : sync, channel)
    watchRequests(peer)
    return result
  }
}

/** Whether there is capacity for the fork of a peer, if it names one. */
function makesWay({ fork }: Sync, peer: Peer): boolean {
  const { core, replicator } = peer as unknown as Internals
  if (fork <= (core.state?.fork ?? 0) || replicator._reorgs.length < MOST_FORKS) return true
  replicator._reorgs = replicator._reorgs.filter(
    ({ batch, inflight }) => batch !== null || inflight.some((request) => isOther(request.peer, peer)),
  )
  return replicator._reorgs.length < MOST_FORKS
}

function isOther(one: { readonly removed: boolean }, peer: unknown): boolean {
  return one !== peer && !one.removed
}

/** Whether an answer without a request has nothing that Hypercore uses. */
function isWorthless({ request, fork, upgrade }: Answer, { core, replicator }: Internals): boolean {
  return request === 0 && fork > (core.state?.fork ?? 0) && upgrade === null && !replicator.allowPush
}

/** Whether an answer matches the request. An honest peer answers for the fork of the request, and omits an upgrade only for a manifest. */
function isAnswer(request: Request, answer: Answer, { replicator }: Internals): boolean {
  const hasUpgrade =
    request.upgrade === null || answer.upgrade !== null || (request.manifest && answer.manifest !== null)
  return hasUpgrade && request.fork === answer.fork && replicator._matchingRequest(request, answer)
}

/** Whether Hypercore waits for the answer to the request. */
function isWaiting(request: Request, replicator: Internals['replicator']): boolean {
  const { block, hash } = request
  const { _blocks: blocks, _hashes: hashes, _upgrade: upgrade, _seeks: seeks, _reorgs: forks } = replicator
  const isIn = (waiting: Waiting | null | undefined) => waiting?.inflight.includes(request) === true
  return (
    (block !== null && isIn(blocks.get(block.index))) ||
    (hash !== null && isIn(hashes.get(hash.index / 2))) ||
    isIn(upgrade) ||
    seeks.some(isIn) ||
    (forks as readonly unknown[] as readonly Waiting[]).some(isIn)
  )
}

function noteWrong(trusts: WeakMap<Peer, Trust>, peer: Peer, internals: Internals): void {
  const trust = trusts.get(peer) ?? new Trust()
  trusts.set(peer, trust)
  trust.noteWrong()
  if (trust.isLost) internals.paused = true
}

/** How much a peer is trusted. */
class Trust {
  #wrong = 0
  #since = Date.now()
  #isBelieved = true

  get isLost(): boolean {
    return this.#wrong > MOST_WRONG
  }

  /** Counts a wrong proof. Further ones before the peer is trusted again were already sent, and are not counted. */
  noteWrong(): void {
    if (!this.#isBelieved) return
    this.#isBelieved = false
    const now = Date.now()
    this.#wrong = Math.max(0, this.#wrong - Math.floor(Math.max(0, now - this.#since) / FORGIVEN_AFTER)) + 1
    this.#since = now
  }

  /** Hypercore asks the peer again. */
  believe(): void {
    this.#isBelieved = true
  }
}
