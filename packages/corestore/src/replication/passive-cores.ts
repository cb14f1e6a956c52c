// Cores that are open because a peer asked for them, and nobody here. However many peers ask for, only so many are open at a time,
// each peer has a fair part of them (fair-parts.ts), and still each core is served. Those in use are leased until they fall quiet
// (peer-use.ts). Then the pool's LRU has them. Those without capacity wait here until there is some.

import {
  hasHeard,
  hasPeers,
  hasTold,
  isHeld,
  type KnownCore,
  messagesTo,
  somePeer,
} from '@coreyard/hypercore-port'
import type { CorestoreStorage } from '@coreyard/hypercore-types'
import type { Asker, Stored, Wait } from '@coreyard/replicator'
import type { Lease } from '@coreyard/sessions'
import b4a from 'b4a'
import type { ManagedCore } from '../cores/managed-core.js'
import type { OpenCores } from '../cores/open-cores.js'
import { coreId, identityOfDiscoveryKey } from '../lookup/core-identity.js'
import { type Ask, FairParts, type Part, WaitingCore } from './fair-parts.js'
import { PeerUse } from './peer-use.js'

/** How often to look which cores have fallen quiet, in milliseconds. */
const SWEEP_INTERVAL = 100
/** A core that was closed for lack of capacity and is asked for again within this many milliseconds counts as the same request. */
const REPEAT_WINDOW = 10_000
/** The least capacity for cores in use, however small the cache is. */
const LEAST_IN_USE = 64
/** Within how many sweeps a peer's closed cores are opened again, as long as it is not known to want more of one: 10 seconds. */
const REVIEW_SWEEPS = 100
/** How many of those to open in one sweep at most, so that it takes no more than some percent of a processor. */
const MOST_REVIEWED = 8
/** How many cores that waited open at a time for one peer, so that they leave another peer's core its turn. */
const MOST_OPENING = 16

/** How many cores are open because a peer asked for them. */
export interface PassiveView {
  /** How many may be in use by peers at a time. */
  readonly capacity: number
  readonly inUse: number
  /** How many wait for capacity. */
  readonly waiting: number
}

/** What a store is about to do. */
export interface StoreLife {
  /** Whether it is closing, or has closed. */
  readonly closing: boolean
  /** Whether it must not use the disk. */
  readonly suspended: boolean
}

export class PassiveCores {
  readonly #cores: OpenCores
  readonly #storage: CorestoreStorage
  readonly #warn: (error: unknown) => void
  readonly #capacity: number
  readonly #parts: FairParts
  readonly #inUse = new Map<string, PeerUse>()
  /** How many places are free and given away. */
  #reserved = 0
  /** Whether the last ones of those that were opened again were wanted. */
  #wanted = false
  /** Whom open cores were handed to, as long as they may not have heard of them. */
  readonly #unheard = new Map<string, readonly Ask[]>()
  /** What was closed although a peer was there, and when. */
  readonly #evicted = new Map<string, number>()
  #timer: ReturnType<typeof setTimeout> | null = null
  /** When the timer is due, in milliseconds. */
  #due = Infinity
  readonly #life: StoreLife

  /**
   * @param cacheSize how many idle cores stay open: so many may be in use, too
   * @param warn told what fails for a core that waited
   */
  constructor(
    cores: OpenCores,
    storage: CorestoreStorage,
    cacheSize: number,
    warn: (error: unknown) => void,
    life: StoreLife,
  ) {
    this.#cores = cores
    this.#storage = storage
    this.#capacity = Math.max(cacheSize, LEAST_IN_USE)
    this.#parts = new FairParts(this.#capacity)
    this.#warn = warn
    this.#life = life
  }

  /** Opens a core for a peer, if it is stored, and hands it to `use`: at once, or when there is capacity. */
  async withStored(
    discoveryKey: Uint8Array,
    use: (core: KnownCore) => unknown,
    asker?: Asker,
  ): Promise<Stored> {
    const id = coreId(discoveryKey)
    const ask = { asker, use }
    if (this.#cores.get(id) !== null) return this.#handOver(id, ask)
    return this.#cores.lookUp(async (deleted) => {
      const isStored = await this.#storage.hasCore(discoveryKey)
      if (!isStored || deleted.has(id) || this.#cores.keptClosed(id) !== null) return false
      return this.#handOver(id, ask)
    })
  }

  async #handOver(id: string, ask: Ask): Promise<Stored> {
    if (this.#life.closing || ask.asker?.closed === true) return false
    const open = this.#cores.get(id)
    if (open?.core.opened === true && isHeld(open.core)) {
      ask.use(open.core) // its session keeps it open
      return true
    }
    const part = this.#parts.of(ask.asker)
    try {
      return await this.#serve(part, id, ask)
    } finally {
      this.#parts.tidy(part)
    }
  }

  #serve(part: Part, id: string, ask: Ask): Wait | Promise<Stored> {
    if (this.#inUse.has(id)) return this.#open(part, id, [ask])
    const isOpen = this.#cores.get(id) !== null
    if (!isOpen && this.#evicted.has(id)) return this.#wait(part.again, id, ask)
    if (this.#makeRoom(part)) return this.#open(part, id, [ask])
    return isOpen ? this.#lend(id, ask) : this.#wait(part.fresh, id, ask)
  }

  /** A core without a session is about to be closed: whether a peer has used it since that was last asked. */
  usedMeanwhile(open: ManagedCore): boolean {
    const activity = messagesTo(open.core)
    if (this.#life.closing || this.#inUse.has(open.id) || activity === open.activity) return false
    if (this.#inUse.size + this.#reserved >= this.#capacity) return false
    open.activity = activity
    this.#lease(this.#parts.of({ publicKey: somePeer(open.core) }), open.id)
    return true
  }

  /** A core closes. Its peers ask for it again by themselves, except those that have not heard of it yet. */
  closing(open: ManagedCore): void {
    const asks = this.#unheard.get(open.id) ?? []
    this.#unheard.delete(open.id)
    if (this.#life.closing || !hasPeers(open.core)) return
    this.#evicted.set(open.id, Date.now())
    this.#schedule(REPEAT_WINDOW)
    if (this.#cores.keptClosed(open.id) !== null) return
    for (const ask of asks) {
      const peer = ask.asker?.publicKey ?? null
      if (hasHeard(open.core, peer)) continue
      const part = this.#parts.of(ask.asker)
      this.#wait(hasTold(open.core, peer) ? part.again : part.fresh, open.id, ask)
    }
  }

  /** A core is to be deleted: nobody waits for it here, or keeps it open. */
  forget(id: string): void {
    this.#takeWaiting(id)
    this.#evicted.delete(id)
    const open = this.#cores.get(id)
    if (open !== null) open.activity = messagesTo(open.core) // else it would be kept open for what was asked since
    this.#release(id)
  }

  /** Looks at no core until `resume`: opening one has to read. */
  pause(): void {
    this.#stop()
  }

  resume(): void {
    this.#schedule()
  }

  /** How many cores there are, and how many there may be. */
  get view(): PassiveView {
    let waiting = 0
    for (const { fresh, again } of this.#parts) waiting += fresh.size + again.size
    return { capacity: this.#capacity, inUse: this.#inUse.size, waiting }
  }

  /** Lets go of all of them. */
  close(): void {
    this.#stop()
    this.#evicted.clear()
    this.#unheard.clear()
    for (const part of this.#parts) {
      for (const waiting of [part.fresh, part.again]) {
        for (const core of waiting.values()) core.settle()
        waiting.clear()
      }
    }
    for (const id of [...this.#inUse.keys()]) this.#release(id)
  }

  /** Whether a peer may hold one more core: takes it from one that has more than its part, if need be. */
  #makeRoom(part: Part): boolean {
    if (this.#inUse.size < this.#capacity) return true
    const victim = this.#parts.victim(part, Date.now())
    if (victim === null) return false
    this.#reserved++ // releasing one may close another that wants the place
    this.#release(victim.id)
    this.#reserved--
    return true
  }

  #wait(waiting: Map<string, WaitingCore>, id: string, ask: Ask): Wait {
    const core = waiting.get(id) ?? new WaitingCore(id)
    core.add(ask)
    waiting.set(id, core)
    this.#schedule()
    return core
  }

  /** Opens a core that counts for a peer. */
  async #open(part: Part, id: string, asks: readonly Ask[]): Promise<true> {
    const { lease } = this.#inUse.get(id) ?? this.#lease(part, id)
    try {
      this.#hand(await lease.ready(), [...asks, ...this.#takeWaiting(id)])
      return true
    } catch (error) {
      this.#release(id)
      throw error
    }
  }

  /** Those that wait for a core, whichever peer's: it is open now. */
  #takeWaiting(id: string): Ask[] {
    const asks: Ask[] = []
    for (const part of this.#parts) {
      for (const waiting of [part.fresh, part.again]) {
        const core = waiting.get(id)
        if (core === undefined) continue
        waiting.delete(id)
        asks.push(...core.asks)
        core.settle()
      }
      this.#parts.tidy(part)
    }
    return asks
  }

  /** Hands over a core that is open already, for which there is no capacity: it stays open as long as the pool's LRU has it. */
  async #lend(id: string, ask: Ask): Promise<true> {
    const lease = this.#acquire(id)
    try {
      this.#hand(await lease.ready(), [ask])
      return true
    } finally {
      lease.release()
    }
  }

  #hand({ id, core }: ManagedCore, asks: readonly Ask[]): void {
    for (const { use } of asks) {
      const using = use(core)
      if (using instanceof Promise) this.#inUse.get(id)?.awaits(using)
    }
    this.#unheard.set(id, [...(this.#unheard.get(id) ?? []), ...asks])
  }

  #acquire(id: string): Lease<ManagedCore> {
    return this.#cores.acquire({
      identity: identityOfDiscoveryKey(b4a.from(id, 'hex')),
      alias: null,
      creates: false,
      options: { discoveryKey: id },
      active: false,
    })
  }

  #lease(part: Part, id: string): PeerUse {
    const use = new PeerUse(this.#acquire(id), part, Date.now())
    this.#inUse.set(id, use)
    part.held.set(id, use)
    this.#schedule()
    return use
  }

  #release(id: string): void {
    const use = this.#inUse.get(id)
    if (use === undefined) return
    this.#inUse.delete(id)
    use.part.held.delete(id)
    this.#parts.tidy(use.part)
    use.lease.release()
  }

  #schedule(delay = SWEEP_INTERVAL): void {
    const due = Date.now() + delay
    if (due >= this.#due || this.#life.suspended || this.#life.closing) return
    this.#stop()
    this.#due = due
    this.#timer = setTimeout(() => {
      this.#stop()
      this.#sweep()
    }, delay)
    // A browser's timer is a number and keeps nothing alive.
    if (typeof this.#timer === 'object') this.#timer.unref()
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#due = Infinity
  }

  /** Hands the cores that have fallen quiet to the pool, and opens others in their place. */
  #sweep(): void {
    const now = Date.now()
    const ended: PeerUse[] = []
    for (const [id, use] of this.#inUse) {
      const { resource } = use.lease
      const hasEnded = use.hasEnded(now)
      resource.activity = messagesTo(resource.core)
      this.#forgetHeard(resource)
      if (!hasEnded) continue
      this.#release(id)
      ended.push(use)
    }
    for (const [id, time] of this.#evicted) {
      if (now - time < REPEAT_WINDOW) break // they are in the order of their time
      this.#evicted.delete(id)
    }

    if (ended.length > 0) this.#wanted = ended.some(({ wanted }) => wanted)
    for (const part of this.#parts) this.#dropUnwanted(part)
    this.#admit()
    for (const part of [...this.#parts]) this.#admitAgain(part)
    if ([...this.#parts].length > 0) this.#schedule()
    else if (this.#evicted.size > 0) this.#schedule(REPEAT_WINDOW)
  }

  /** Forgets whom a core was handed to, as far as they have heard of it. */
  #forgetHeard(open: ManagedCore): void {
    const asks = this.#unheard.get(open.id)
    if (asks === undefined) return
    const left = asks.filter(
      ({ asker }) => asker?.closed !== true && !hasHeard(open.core, asker?.publicKey ?? null),
    )
    if (left.length > 0) this.#unheard.set(open.id, left)
    else this.#unheard.delete(open.id)
  }

  /** Forgets what only peers wait for that have gone. */
  #dropUnwanted(part: Part): void {
    for (const waiting of [part.fresh, part.again]) {
      for (const [id, core] of waiting) {
        if (core.isWanted) continue
        waiting.delete(id)
        core.settle()
      }
    }
    this.#parts.tidy(part)
  }

  /** Opens cores that wait for the first time, as far as there is capacity: the peer that holds least goes first. */
  #admit(): void {
    const full = new Set<Part>()
    for (;;) {
      const part = this.#parts.next(
        (candidate) => candidate.fresh.size > 0 && candidate.opening < MOST_OPENING && !full.has(candidate),
      )
      if (part === null) return
      if (!this.#admitNext(part, part.fresh)) full.add(part)
    }
  }

  /** Opens cores of a peer again that were closed for lack of capacity: as many as there is capacity for, if it wants them. */
  #admitAgain(part: Part): void {
    let count = this.#wanted ? Infinity : reviewed(part.again.size)
    while (count-- > 0 && part.again.size > 0 && part.opening < MOST_OPENING) {
      if (!this.#admitNext(part, part.again)) return
    }
  }

  /** Opens the next core of those that wait; whether there was capacity. */
  #admitNext(part: Part, waiting: Map<string, WaitingCore>): boolean {
    const [core] = waiting.values()
    if (core === undefined || this.#life.closing || this.#life.suspended) return false
    if (!this.#inUse.has(core.id) && !this.#makeRoom(part)) return false
    part.opening++
    waiting.delete(core.id)
    void this.#openWaiting(part, core)
    return true
  }

  async #openWaiting(part: Part, { id, asks, settle }: WaitingCore): Promise<void> {
    try {
      await this.#open(part, id, asks)
    } catch (error) {
      if (!this.#life.closing) this.#warn(error)
    }
    part.opening--
    settle()
    this.#admit()
    if (this.#wanted) this.#admitAgain(part)
    this.#parts.tidy(part)
  }
}

/** How many cores that were closed are opened again in a sweep, to see whether they are wanted. */
function reviewed(waiting: number): number {
  return Math.min(MOST_REVIEWED, Math.ceil(waiting / REVIEW_SWEEPS))
}
