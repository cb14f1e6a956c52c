// The Hypercore sessions that one store made, by core: what a store closes when it closes, `store.sessions`.

import type { Hypercore } from '@coreyard/hypercore-types'
import type { Lease } from '@coreyard/sessions'
import type { ManagedCore } from '../cores/managed-core.js'
import { coreId } from '../lookup/core-identity.js'

/** The sessions of one core. */
interface Tracked {
  /** Hypercore adds and removes sessions, including those that are made from other sessions. */
  readonly sessions: Hypercore<unknown>[]
  /** The number of sessions that hold a lease, or will as soon as they have opened. */
  held: number
  /** The core, as it was opened last. */
  managed: ManagedCore
}

/** The sessions of one store. Iterates over them. */
export class SessionTracker implements Iterable<Hypercore<unknown>> {
  readonly #byCore = new Map<string, Tracked>()
  /** The lease that each session holds; `null` as long as it has no core. */
  readonly #leases = new Map<Hypercore<unknown>, Lease<ManagedCore> | null>()
  readonly #exclusive = new WeakSet<Hypercore<unknown>>()
  readonly #check: (id: string) => void

  /** @param check called with the id of a core when a session of it without a lease has ended */
  constructor(check: (id: string) => void) {
    this.#check = check
  }

  /** The number of cores that have a session. */
  get size(): number {
    return this.#byCore.size
  }

  /** The sessions of the core with this discovery key in hex, or of all cores. */
  list(id?: string): Hypercore<unknown>[] {
    return id === undefined ? [...this] : [...(this.#byCore.get(id)?.sessions ?? [])]
  }

  /** Every session, including those that have no core yet. */
  get all(): Hypercore<unknown>[] {
    if (this.#byCore.size === 0 && this.#leases.size === 0) return []
    return [...new Set([...this, ...this.#leases.keys()])]
  }

  /** Every open session. */
  *[Symbol.iterator](): IterableIterator<Hypercore<unknown>> {
    for (const { sessions } of this.#byCore.values()) yield* sessions
  }

  /** Adds a session that gets its core later: `hold` follows, unless it fails. */
  opening(session: Hypercore<unknown>): void {
    this.#leases.set(session, null)
    session.ready().catch(() => {
      if (this.#leases.get(session) === null) this.#leases.delete(session)
    })
  }

  /** Marks a session as exclusive. Hypercore does so only when the session begins to wait for exclusive access. */
  willBeExclusive(session: Hypercore<unknown>): void {
    this.#exclusive.add(session)
  }

  /** Whether a session is exclusive, waits for that, or will. */
  isExclusive(session: Hypercore<unknown>): boolean {
    return session.exclusive || this.#exclusive.has(session)
  }

  /** Reserves a place for one more session of a core; `hold` must follow. @returns the array for Hypercore to keep it in */
  reserve(managed: ManagedCore): Hypercore<unknown>[] {
    let tracked = this.#byCore.get(managed.id)
    if (tracked === undefined) {
      tracked = { sessions: [], held: 0, managed }
      this.#byCore.set(managed.id, tracked)
      managed.track(tracked)
    } else if (tracked.managed !== managed) {
      // Sessions of the core that was closed before are still closing.
      tracked.managed.untrack(tracked)
      tracked.managed = managed
      managed.track(tracked)
    }
    tracked.held++
    return tracked.sessions
  }

  /**
   * Ties a lease to a session that was reserved: the lease is released when the session ends. A weak session keeps no core open: its lease
   * is released as soon as the session has opened.
   */
  hold(session: Hypercore<unknown>, lease: Lease<ManagedCore>): void {
    this.#leases.set(session, lease)
    if (!session.weak) return
    session.ready().then(
      () => this.#release(session, lease),
      () => {}, // it has ended
    )
  }

  /** Hypercore calls it with every session that closed or failed to open, including derived ones. */
  readonly ended = (session: Hypercore<unknown>): void => {
    const lease = this.#leases.get(session)
    if (lease) {
      this.#release(session, lease)
      return
    }
    const id = idOf(session)
    this.#forgetIfUnused(id)
    queueMicrotask(() => this.#check(id))
  }

  #release(session: Hypercore<unknown>, lease: Lease<ManagedCore>): void {
    if (!this.#leases.delete(session)) return
    const tracked = this.#byCore.get(lease.id)
    if (tracked !== undefined) tracked.held--
    this.#forgetIfUnused(lease.id)
    // Hypercore is still in the middle of opening or closing the session: let it finish before its core may be closed.
    queueMicrotask(() => lease.release())
  }

  #forgetIfUnused(id: string): void {
    const tracked = this.#byCore.get(id)
    if (tracked?.held !== 0 || tracked.sessions.length > 0) return
    this.#byCore.delete(id)
    tracked.managed.untrack(tracked)
  }
}

function idOf({ discoveryKey }: Hypercore<unknown>): string {
  if (discoveryKey === null) throw new Error('a session of a store has a core')
  return coreId(discoveryKey)
}
