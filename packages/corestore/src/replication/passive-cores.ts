// Cores that are open only because a peer requested them. Only a limited number is open at a time, each peer has a fair share of it
// (fair-parts.ts), and still every request is served in the end. Cores in use are leased until they fall quiet (served-cores.ts,
// peer-use.ts); then they are in the pool's LRU. Requests wait here until there is capacity.

import { hasHeard, hasPeers, hasTold, isHeld, type KnownCore, somePeer } from '@coreyard/hypercore-port'
import type { CorestoreStorage } from '@coreyard/hypercore-types'
import type { Asker, Stored, Wait } from '@coreyard/replicator'
import type { Lease } from '@coreyard/sessions'
import b4a from 'b4a'
import type { ManagedCore } from '../cores/managed-core.js'
import type { OpenCores } from '../cores/open-cores.js'
import { coreId, identityOfDiscoveryKey } from '../lookup/core-identity.js'
import { FairParts, type Part, WaitingCore } from './fair-parts.js'
import type { PeerUse } from './peer-use.js'
import { REPEAT_WINDOW, RecentlyEvicted, reviewed } from './recently-evicted.js'
import { type Ask, ServedCores } from './served-cores.js'
import { SweepTimer } from './sweep-timer.js'

/** How often to check which cores have fallen quiet, in milliseconds. */
const SWEEP_INTERVAL = 100
/** The minimum capacity for cores in use, however small the cache is. */
const LEAST_IN_USE = 64
/** How many waiting cores of one peer open at a time, so that the cores of other peers open in between. */
const MOST_OPENING = 16

/** Counts of the cores that are open for peers, and not for a session of this store. */
export interface PassiveView {
  /** How many may be in use by peers at a time. */
  readonly capacity: number
  /** How many are in use by peers now. */
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
  readonly #served = new ServedCores()
  /** How many free places are reserved. */
  #reserved = 0
  /** Whether peers wanted the cores that were last opened again. */
  #wanted = false
  readonly #evicted = new RecentlyEvicted()
  readonly #timer = new SweepTimer(() => this.#sweep())
  readonly #life: StoreLife

  /**
   * @param cacheSize how many idle cores stay open; as many may be in use
   * @param warn called with the error if a core that waited fails to open
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

  /** Opens a core for a peer, if it is stored, and passes it to `use`: immediately, or once there is capacity. */
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
    const core = this.#cores.get(id)?.core
    if (core?.opened && isHeld(core)) {
      ask.use(core) // its session keeps it open
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
    if (this.#served.use(id) !== null) return this.#open(part, id, [ask])
    const isOpen = this.#cores.get(id) !== null
    if (!isOpen && this.#evicted.has(id)) return this.#wait(part.again, id, ask)
    if (this.#makeRoom(part)) return this.#open(part, id, [ask])
    return isOpen ? this.#lend(id, ask) : this.#wait(part.fresh, id, ask)
  }

  /** Called before the pool closes a core that has peers. If they have used it since the last check, it stays open for them. */
  evicting(managed: ManagedCore): void {
    if (this.#life.closing || this.#served.use(managed.id) !== null || !managed.hasNewMessages) return
    if (this.#served.inUse + this.#reserved >= this.#capacity) return
    managed.noteMessages()
    this.#begin(this.#parts.of({ publicKey: somePeer(managed.core) }), managed.id)
  }

  /** Called when a core closes. Its peers request it again by themselves, except those that have not heard of it yet. */
  closing({ id, core }: ManagedCore): void {
    const asks = this.#served.closing(id)
    if (this.#life.closing || !hasPeers(core)) return
    this.#evicted.add(id)
    this.#schedule(REPEAT_WINDOW)
    if (this.#cores.keptClosed(id) !== null) return
    for (const ask of asks) {
      const peer = ask.asker?.publicKey ?? null
      if (hasHeard(core, peer)) continue
      const part = this.#parts.of(ask.asker)
      this.#wait(hasTold(core, peer) ? part.again : part.fresh, id, ask)
    }
  }

  /** Called before a core is deleted: no request waits for it any more, and no lease keeps it open. */
  forget(id: string): void {
    this.#parts.take(id)
    this.#evicted.delete(id)
    this.#release(id)
  }

  /** Stops the checks until `resume`, because opening a core reads from the disk. */
  pause(): void {
    this.#timer.stop()
  }

  resume(): void {
    this.#schedule()
  }

  /** The counts that an inspector shows. */
  get view(): PassiveView {
    return { capacity: this.#capacity, inUse: this.#served.inUse, waiting: this.#parts.waiting }
  }

  /** Releases all cores. */
  close(): void {
    this.#timer.stop()
    this.#evicted.clear()
    this.#parts.stopWaiting()
    this.#served.clear()
  }

  /** Whether a peer may hold one more core. If needed, takes it from a peer that has more than its share. */
  #makeRoom(part: Part): boolean {
    if (this.#served.inUse < this.#capacity) return true
    const victim = this.#parts.victim(part, Date.now())
    if (victim === null) return false
    this.#reserved++ // releasing one may close another that wants the place
    this.#release(victim.id)
    this.#reserved--
    return true
  }

  #wait(line: Map<string, WaitingCore>, id: string, ask: Ask): Wait {
    const core = line.get(id) ?? new WaitingCore(id)
    core.add(ask)
    line.set(id, core)
    this.#schedule()
    return core
  }

  /** Opens a core that counts toward the share of a peer. */
  async #open(part: Part, id: string, asks: readonly Ask[]): Promise<true> {
    const { lease } = this.#served.use(id) ?? this.#begin(part, id)
    try {
      this.#served.hand(await lease.ready(), [...asks, ...this.#parts.take(id)])
      return true
    } catch (error) {
      this.#release(id)
      throw error
    }
  }

  /** Passes on a core that is already open and for which there is no capacity. It stays open as long as it is in the pool's LRU. */
  async #lend(id: string, ask: Ask): Promise<true> {
    const lease = this.#acquire(id)
    try {
      this.#served.hand(await lease.ready(), [ask])
      return true
    } finally {
      lease.release()
    }
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

  #begin(part: Part, id: string): PeerUse {
    this.#schedule()
    return this.#served.begin(this.#acquire(id), part)
  }

  #release(id: string): void {
    const part = this.#served.end(id)
    if (part !== null) this.#parts.tidy(part)
  }

  #schedule(delay = SWEEP_INTERVAL): void {
    if (!this.#life.suspended && !this.#life.closing) this.#timer.schedule(delay)
  }

  /** Releases the cores that have fallen quiet to the pool, and opens others in their place. */
  #sweep(): void {
    const now = Date.now()
    const ended = this.#served.review(now)
    for (const { id } of ended) this.#release(id)
    this.#evicted.forgetOld(now)
    if (ended.length > 0) this.#wanted = ended.some(({ wanted }) => wanted)
    this.#parts.dropUnwanted()
    this.#admit()
    for (const part of [...this.#parts]) this.#admitAgain(part)
    if ([...this.#parts].length > 0) this.#schedule()
    else if (this.#evicted.size > 0) this.#schedule(REPEAT_WINDOW)
  }

  /** Opens cores of new requests, as far as there is capacity. The peer that holds least comes first. */
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

  /** Reopens cores of a peer that were closed for lack of capacity: as many as there is capacity for, if the peer wants them. */
  #admitAgain(part: Part): void {
    let count = this.#wanted ? Infinity : reviewed(part.again.size)
    while (count-- > 0 && part.again.size > 0 && part.opening < MOST_OPENING) {
      if (!this.#admitNext(part, part.again)) return
    }
  }

  /** Opens the next waiting core. Returns whether there was capacity. */
  #admitNext(part: Part, waiting: Map<string, WaitingCore>): boolean {
    const [core] = waiting.values()
    if (core === undefined || this.#life.closing || this.#life.suspended) return false
    if (this.#served.use(core.id) === null && !this.#makeRoom(part)) return false
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
