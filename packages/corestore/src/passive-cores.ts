// Cores that are open because a peer asked for them, and nobody here. However many a peer asks for, only so many are open
// at a time, and still each is served: those in use are leased until they fall quiet, then the pool's LRU has them, and those
// that found no room wait here until there is some, when they are offered to whoever asked.

import type { CorestoreStorage } from '@coreyard/hypercore-types'
import type { Lease } from '@coreyard/sessions'
import b4a from 'b4a'
import { identityOfDiscoveryKey } from './core-identity.js'
import { coreId, type KnownCore, type OpenCore, type OpenCores } from './open-cores.js'

/** How often to look which cores have fallen quiet, in milliseconds. */
const SWEEP_INTERVAL = 100
/** How long a core is given, once open, until its peer has asked for something, in milliseconds. */
const GRACE = 250
/** How long after it was closed for want of room a core that is asked for again counts as the same wish, in milliseconds. */
const REPEAT_WINDOW = 10_000
/** The least room for cores in use, however small the cache is. */
const LEAST_IN_USE = 64

/**
 * The least number of cores that had to go to be opened again in one sweep, to see whether their peers want more of them: a
 * peer cannot say so while its core is closed here. If some do, as many are opened as there is room for.
 */
const LEAST_PACE = 4

type WaitingFor = (discoveryKey: Uint8Array) => ((core: KnownCore) => void) | null

/** A core that a peer uses. */
interface InUse {
  readonly lease: Lease<OpenCore>
  readonly since: number
  /** How many requests of peers it had received before. */
  readonly requests: number
  /** How many messages of peers it had answered when last looked at. */
  activity: number
}

export class PassiveCores {
  readonly #cores: OpenCores
  readonly #storage: CorestoreStorage
  readonly #waitingFor: WaitingFor
  readonly #room: number
  readonly #inUse = new Map<string, InUse>()
  /** Asked for, and no room yet. */
  readonly #waiting = new Set<string>()
  /** The same, but it was open and had to go: its peer may want no more of it, so it is in no hurry. */
  readonly #waitingAgain = new Set<string>()
  /** How many of those to open in one sweep. */
  #pace = LEAST_PACE
  /** What had to go although a peer was there, and when. */
  readonly #evicted = new Map<string, number>()
  #timer: ReturnType<typeof setTimeout> | null = null
  #closed = false

  /**
   * @param cacheSize how many idle cores stay open: so many may be in use, too
   * @param waitingFor what attaches a core, once it is open, to the streams whose peers wait for it; `null` if none does
   */
  constructor(cores: OpenCores, storage: CorestoreStorage, cacheSize: number, waitingFor: WaitingFor) {
    this.#cores = cores
    this.#storage = storage
    this.#room = Math.max(cacheSize, LEAST_IN_USE)
    this.#waitingFor = waitingFor
  }

  /**
   * Opens a core for a peer, if it is stored, and hands it to `use`.
   *
   * @returns whether it is stored; `'later'` if it is, but there is no room for it now: it is offered when there is
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
    if (!this.#closed && !open.core.replicator.idle()) this.#evicted.set(open.id, Date.now())
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

  /** Lets go of all of them. */
  close(): void {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
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

  #lease(id: string): InUse {
    const lease = this.#cores.acquire({
      identity: identityOfDiscoveryKey(b4a.from(id, 'hex')),
      alias: null,
      createIfMissing: false,
      requested: { discoveryKey: id },
      active: false,
    })
    const entry: InUse = { lease, since: Date.now(), requests: requestsOf(lease.resource), activity: 0 }
    this.#inUse.set(id, entry)
    this.#schedule()
    return entry
  }

  #release(id: string): void {
    this.#inUse.get(id)?.lease.release()
    this.#inUse.delete(id)
  }

  #schedule(): void {
    if (this.#timer !== null || this.#closed) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#sweep()
    }, SWEEP_INTERVAL)
    if (typeof this.#timer === 'object') this.#timer.unref()
  }

  /** Hands the cores that have fallen quiet to the pool, and opens others in their place. */
  #sweep(): void {
    const now = Date.now()
    const quietOnes: InUse[] = []
    for (const [id, entry] of this.#inUse) {
      const { resource } = entry.lease
      const activity = activityOf(resource)
      const quiet = resource.core.opened && activity === entry.activity && now - entry.since >= GRACE
      entry.activity = resource.activity = activity
      if (!quiet) continue
      this.#release(id)
      quietOnes.push(entry)
    }
    for (const [id, time] of this.#evicted) {
      if (now - time < REPEAT_WINDOW) break // they are in the order of their time
      this.#evicted.delete(id)
    }

    const wanted = quietOnes.some(({ lease, requests }) => requestsOf(lease.resource) > requests)
    if (wanted) this.#pace = this.#room
    else if (quietOnes.length > 0) this.#pace = Math.max(LEAST_PACE, Math.floor(this.#pace / 2))
    this.#admit(this.#waiting, this.#room - this.#inUse.size)
    this.#admit(this.#waitingAgain, Math.min(this.#pace, this.#room - this.#inUse.size))
    if (this.#inUse.size + this.#waiting.size + this.#waitingAgain.size > 0) this.#schedule()
  }

  #admit(waiting: Set<string>, count: number): void {
    for (const id of waiting) {
      if (count <= 0) return
      waiting.delete(id)
      const attach = this.#waitingFor(b4a.from(id, 'hex'))
      if (attach === null) continue
      count--
      // The storage may fail: the peer that asked is left as it was.
      this.#open(id, attach).catch(() => {})
    }
  }
}

/** Counts what peers have told of a core and asked of it. */
function activityOf(open: OpenCore): number {
  return requestsOf(open) + open.core.replicator.stats.wireSync.rx
}

/** Counts what peers have asked of a core. */
function requestsOf({ core }: OpenCore): number {
  return core.replicator.stats.wireRequest.rx
}
