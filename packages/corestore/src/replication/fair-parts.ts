// Capacity that peers share: who holds how much of it, who waits, and whose turn is next. Each peer has a fair part, and others may
// hold what it does not use. What is held is in served-cores.ts.

import type { Asker } from '@coreyard/replicator'
import b4a from 'b4a'
import type { PeerUse } from './peer-use.js'
import type { Ask } from './served-cores.js'

/** How long a peer keeps a core, in milliseconds, if there are more peers than capacity. */
const LEAST_TURN = 1000

/** A core that waits for capacity, for one peer. Several streams of the peer may have asked for it. */
export class WaitingCore {
  readonly id: string
  readonly #asks = new Map<Asker | Ask, Ask>()
  /** Settles when the core was handed to who asked, or will not be. */
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

  /** Whether a stream that asked for it is still there. */
  get isWanted(): boolean {
    for (const { asker } of this.#asks.values()) if (asker?.closed !== true) return true
    return false
  }

  /** Of each stream, the last request counts. */
  add(ask: Ask): void {
    this.#asks.set(ask.asker ?? ask, ask)
  }
}

/** What one peer holds, and what it waits for. */
export class Part {
  readonly id: string
  /** The cores that are open for it. */
  readonly held = new Set<PeerUse>()
  /** Asked for, and no capacity yet. */
  readonly fresh = new Map<string, WaitingCore>()
  /** The same, except that it was open and was closed: while it is closed, the peer cannot say whether it wants more of it. */
  readonly again = new Map<string, WaitingCore>()
  /** How many of those that waited are opening. */
  opening = 0

  constructor(id: string) {
    this.id = id
  }

  /** Those that were asked for first, and those that are to open again. */
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

  /** The part of a peer. Those without a public key have one together. */
  of(asker: Pick<Asker, 'publicKey'> | undefined): Part {
    const id = asker?.publicKey ? b4a.toString(asker.publicKey, 'hex') : ''
    let part = this.#parts.get(id)
    if (part === undefined) {
      part = new Part(id)
      this.#parts.set(id, part)
    }
    return part
  }

  /** Forgets a part that holds nothing and waits for nothing. One that was forgotten before leaves the peer's new one alone. */
  tidy(part: Part): void {
    if (part.isEmpty && this.#parts.get(part.id) === part) this.#parts.delete(part.id)
  }

  /** How many cores wait. */
  get waiting(): number {
    let waiting = 0
    for (const { fresh, again } of this) waiting += fresh.size + again.size
    return waiting
  }

  /** A core does not wait any longer, for whichever peer. @returns who asked for it */
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

  /** Forgets the cores that only peers wait for that have gone. */
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

  /** No core waits any longer. */
  stopWaiting(): void {
    for (const part of this) {
      for (const line of part.lines) {
        for (const core of line.values()) core.settle()
        line.clear()
      }
      this.tidy(part)
    }
  }

  /** What another peer gives up so that this one may hold one more; `null` if it has its fair part. */
  victim(part: Part, now: number): PeerUse | null {
    const share = Math.max(1, Math.floor(this.#capacity / this.#parts.size))
    if (part.held.size >= share) return null
    let largest = part
    for (const other of this.#parts.values()) if (other.held.size > largest.held.size) largest = other
    if (largest.held.size > share) return quietest(largest)
    return part.held.size === 0 ? this.#longest(now) : null
  }

  /** The part that holds least, of those that meet a condition. */
  next(isReady: (part: Part) => boolean): Part | null {
    let least: Part | null = null
    for (const part of this.#parts.values()) {
      if ((least === null || part.held.size < least.held.size) && isReady(part)) least = part
    }
    return least
  }

  /** What has been held for longest, if that is long enough. */
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

/** What its peer has used least lately. */
function quietest({ held }: Part): PeerUse | null {
  let quiet: PeerUse | null = null
  for (const use of held) {
    if (use.isOpen && (quiet === null || use.heardAt < quiet.heardAt)) quiet = use
  }
  return quiet
}
