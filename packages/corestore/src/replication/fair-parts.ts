// The capacity that peers share: how much each peer holds, which peers wait, and which one is next. Each peer has an equal share. A share
// that is not used is available to the others. The open cores are in served-cores.ts.

import type { Asker } from '@coreyard/replicator'
import b4a from 'b4a'
import type { PeerUse } from './peer-use.js'
import type { Ask } from './served-cores.js'

/** How long a peer keeps a core at least, in milliseconds, if there are more peers than capacity. */
const LEAST_TURN = 1000

/** A core that waits for capacity, for one peer. Several streams of the peer may have requested it. */
export class WaitingCore {
  readonly id: string
  readonly #asks = new Map<Asker | Ask, Ask>()
  /** Settles when the core was passed to those that requested it, or is certain not to be. */
  readonly settled: Promise<void>
  settle: () => void = () => {}

  constructor(id: string) {
    this.id = id
    this.settled = new Promise((resolve) => {
      this.settle = resolve
    })
  }

  get asks(): Ask[] {
    return [...this.#asks.values()]
  }

  /** Whether a stream that requested it is still open. */
  get isWanted(): boolean {
    for (const { asker } of this.#asks.values()) if (asker?.closed !== true) return true
    return false
  }

  /** The last request of each stream counts. */
  add(ask: Ask): void {
    this.#asks.set(ask.asker ?? ask, ask)
  }
}

/** The open and the waiting cores of one peer. */
export class Part {
  readonly id: string
  /** The cores that are open for it. */
  readonly held = new Set<PeerUse>()
  /** Requested, without capacity yet. */
  readonly fresh = new Map<string, WaitingCore>()
  /** The same, but closed for lack of capacity: while a core is closed, the peer cannot say whether it wants more of it. */
  readonly again = new Map<string, WaitingCore>()
  /** How many cores that waited are opening now. */
  opening = 0

  constructor(id: string) {
    this.id = id
  }

  /** All waiting cores: those of new requests, and those that are to open again. */
  get lines(): readonly Map<string, WaitingCore>[] {
    return [this.fresh, this.again]
  }

  get isEmpty(): boolean {
    return this.held.size + this.fresh.size + this.again.size + this.opening === 0
  }
}

/** The parts of all peers that hold or wait for something. */
export class FairParts implements Iterable<Part> {
  readonly #capacity: number
  readonly #parts = new Map<string, Part>()

  /** @param capacity how many cores may be held, by all peers together */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  [Symbol.iterator](): Iterator<Part> {
    return this.#parts.values()
  }

  /** The part of a peer. All peers without a public key share one part. */
  of(asker: Pick<Asker, 'publicKey'> | undefined): Part {
    const id = asker?.publicKey ? b4a.toString(asker.publicKey, 'hex') : ''
    let part = this.#parts.get(id)
    if (part === undefined) {
      part = new Part(id)
      this.#parts.set(id, part)
    }
    return part
  }

  /** Removes a part that holds nothing and waits for nothing. A part that was removed before does not affect the peer's new one. */
  tidy(part: Part): void {
    if (part.isEmpty && this.#parts.get(part.id) === part) this.#parts.delete(part.id)
  }

  /** How many cores wait. */
  get waiting(): number {
    let waiting = 0
    for (const { fresh, again } of this) waiting += fresh.size + again.size
    return waiting
  }

  /** Removes a core from the waiting ones of every peer. @returns the requests for it */
  take(id: string): Ask[] {
    const asks: Ask[] = []
    for (const part of this) {
      for (const line of part.lines) {
        const core = line.get(id)
        if (core === undefined) continue
        line.delete(id)
        asks.push(...core.asks)
        core.settle()
      }
      this.tidy(part)
    }
    return asks
  }

  /** Removes the waiting cores whose streams have all closed. */
  dropUnwanted(): void {
    for (const part of this) {
      for (const line of part.lines) {
        for (const [id, core] of line) {
          if (core.isWanted) continue
          line.delete(id)
          core.settle()
        }
      }
      this.tidy(part)
    }
  }

  /** Removes all waiting cores. */
  stopWaiting(): void {
    for (const part of this) {
      for (const line of part.lines) {
        for (const core of line.values()) core.settle()
        line.clear()
      }
      this.tidy(part)
    }
  }

  /** Returns what another peer gives up so that this one may hold one more; `null` if this one has its share. */
  victim(part: Part, now: number): PeerUse | null {
    const share = Math.max(1, Math.floor(this.#capacity / this.#parts.size))
    if (part.held.size >= share) return null
    let largest = part
    for (const other of this.#parts.values()) if (other.held.size > largest.held.size) largest = other
    if (largest.held.size > share) return quietest(largest)
    return part.held.size === 0 ? this.#longest(now) : null
  }

  /** The part that holds least, among those that meet a condition. */
  next(isReady: (part: Part) => boolean): Part | null {
    let least: Part | null = null
    for (const part of this.#parts.values()) {
      if ((least === null || part.held.size < least.held.size) && isReady(part)) least = part
    }
    return least
  }

  /** What has been held longest, if that is long enough. */
  #longest(now: number): PeerUse | null {
    let longest: PeerUse | null = null
    for (const { held } of this.#parts.values()) {
      for (const use of held) {
        if (use.isOpen && (longest === null || use.since < longest.since)) longest = use
      }
    }
    return longest !== null && now - longest.since >= LEAST_TURN ? longest : null
  }
}

/** What its peer has used least recently. */
function quietest({ held }: Part): PeerUse | null {
  let quiet: PeerUse | null = null
  for (const use of held) {
    if (use.isOpen && (quiet === null || use.heardAt < quiet.heardAt)) quiet = use
  }
  return quiet
}
