// Cores that are open because a peer asked for them, and nobody here. However many a peer asks for, only so many are open
// at a time, and still each is served: those in use are leased until they fall quiet (peer-use.ts), then the pool's LRU
// has them, and those that found no room wait here until there is some, when they are attached for whoever asked.

import type { CorestoreStorage } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { coreId, identityOfDiscoveryKey } from './core-identity.js'
import type { KnownCore, OpenCore, OpenCores } from './open-cores.js'
import { activityOf, PeerUse } from './peer-use.js'

/** How often to look which cores have fallen quiet, in milliseconds. */
const SWEEP_INTERVAL = 100
/** How long after it was closed for want of room a core that is asked for again counts as the same wish, in milliseconds. */
const REPEAT_WINDOW = 10_000
/** The least room for cores in use, however small the cache is. */
const LEAST_IN_USE = 64
/** Within how many sweeps to open each core again that had to go, as long as no peer is known to want more of one: 10 seconds. */
const REVIEW_SWEEPS = 100
/** How many of those to open in one sweep at most, so that it takes no more than some percent of a processor. */
const MOST_REVIEWED = 8

/** What attaches a core, once it is open, to the streams whose peers wait for it; `null` if none does. */
type Waiting = (discoveryKey: Uint8Array) => ((core: KnownCore) => void) | null

export class PassiveCores {
  readonly #cores: OpenCores
  readonly #storage: CorestoreStorage
  readonly #waitingPeers: Waiting
  readonly #room: number
  readonly #inUse = new Map<string, PeerUse>()
  /** Asked for, and no room yet. */
  readonly #waiting = new Set<string>()
  /** The same, but it was open and had to go: while it is closed, its peer cannot say whether it wants more of it. */
  readonly #waitingAgain = new Set<string>()
  /** Whether the last ones of those that were opened again were wanted. */
  #wanted = false
  /** What had to go although a peer was there, and when. */
  readonly #evicted = new Map<string, number>()
  #timer: ReturnType<typeof setTimeout> | null = null
  /** When the timer is due, in milliseconds. */
  #due = Infinity
  #paused = false
  #closed = false

  /** @param cacheSize how many idle cores stay open: so many may be in use, too */
  constructor(cores: OpenCores, storage: CorestoreStorage, cacheSize: number, waitingPeers: Waiting) {
    this.#cores = cores
    this.#storage = storage
    this.#room = Math.max(cacheSize, LEAST_IN_USE)
    this.#waitingPeers = waitingPeers
  }

  /**
   * Opens a core for a peer, if it is stored, and hands it to `use`.
   *
   * @returns whether it is stored; `'later'` if it is, but there is no room for it now: it is opened when there is
   */
  async withStored(discoveryKey: Uint8Array, use: (core: KnownCore) => void): Promise<boolean | 'later'> {
    const id = coreId(discoveryKey)
    if (this.#cores.get(id) === null) {
      if (!(await this.#storage.hasCore(discoveryKey)) || this.#cores.lock(id) !== null) return false
      if (this.#mustWait(id)) return 'later'
    }
    await this.#open(id, use)
    return true
  }

  /** A core without a session is about to be closed: whether a peer has used it since that was last asked. */
  usedMeanwhile(open: OpenCore): boolean {
    const activity = activityOf(open)
    if (this.#closed || this.#inUse.has(open.id) || activity === open.activity) return false
    open.activity = activity
    this.#lease(open.id)
    return true
  }

  /** A core closes. */
  closing(open: OpenCore): void {
    if (this.#closed || open.core.replicator.idle()) return
    this.#evicted.set(open.id, Date.now())
    this.#schedule(REPEAT_WINDOW)
  }

  /** A core is to be deleted: nobody waits for it here, or keeps it open. */
  forget(id: string): void {
    this.#waiting.delete(id)
    this.#waitingAgain.delete(id)
    this.#evicted.delete(id)
    const open = this.#cores.get(id)
    if (open !== null) open.activity = activityOf(open) // else it would be kept open for what was asked since
    this.#release(id)
  }

  /** Looks at no core until `resume`: opening one has to read. */
  pause(): void {
    this.#paused = true
    this.#stop()
  }

  resume(): void {
    this.#paused = false
    this.#schedule()
  }

  /** Lets go of all of them. */
  close(): void {
    this.#closed = true
    this.#stop()
    this.#waiting.clear()
    this.#waitingAgain.clear()
    this.#evicted.clear()
    for (const { lease } of this.#inUse.values()) lease.release()
    this.#inUse.clear()
  }

  /** Puts a core that is not open on a waiting list, if there is no room for it. */
  #mustWait(id: string): boolean {
    const again = this.#evicted.has(id)
    if (!again && this.#inUse.size < this.#room) return false
    const list = again ? this.#waitingAgain : this.#waiting
    list.add(id)
    this.#schedule()
    return true
  }

  async #open(id: string, use: (core: KnownCore) => void): Promise<void> {
    const { lease } = this.#inUse.get(id) ?? this.#lease(id)
    try {
      const { core } = await lease.ready()
      use(core)
    } catch (error) {
      this.#release(id)
      throw error
    }
  }

  #lease(id: string): PeerUse {
    const lease = this.#cores.acquire({
      identity: identityOfDiscoveryKey(b4a.from(id, 'hex')),
      alias: null,
      creates: false,
      options: { discoveryKey: id },
      active: false,
    })
    const use = new PeerUse(lease, Date.now())
    this.#inUse.set(id, use)
    this.#schedule()
    return use
  }

  #release(id: string): void {
    this.#inUse.get(id)?.lease.release()
    this.#inUse.delete(id)
  }

  #schedule(delay = SWEEP_INTERVAL): void {
    const due = Date.now() + delay
    if (due >= this.#due || this.#paused || this.#closed) return
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
      resource.activity = activityOf(resource)
      if (!hasEnded) continue
      this.#release(id)
      ended.push(use)
    }
    for (const [id, time] of this.#evicted) {
      if (now - time < REPEAT_WINDOW) break // they are in the order of their time
      this.#evicted.delete(id)
    }

    if (ended.length > 0) this.#wanted = ended.some(({ wanted }) => wanted)
    this.#admit(this.#waiting, this.#room)
    this.#admit(this.#waitingAgain, this.#wanted ? this.#room : this.#reviewed())
    if (this.#inUse.size + this.#waiting.size + this.#waitingAgain.size > 0) this.#schedule()
    else if (this.#evicted.size > 0) this.#schedule(REPEAT_WINDOW)
  }

  /** How many cores that had to go are opened again in a sweep, to see whether they are wanted. */
  #reviewed(): number {
    return Math.min(MOST_REVIEWED, Math.ceil(this.#waitingAgain.size / REVIEW_SWEEPS))
  }

  /** Opens cores that wait, as far as there is room. */
  #admit(waiting: Set<string>, count: number): void {
    let free = Math.min(count, this.#room - this.#inUse.size)
    for (const id of waiting) {
      if (free <= 0) return
      waiting.delete(id)
      const attach = this.#waitingPeers(b4a.from(id, 'hex'))
      if (attach === null) continue
      free--
      // The storage may fail: the peer that asked is left as it was.
      this.#open(id, attach).catch(() => {})
    }
  }
}
