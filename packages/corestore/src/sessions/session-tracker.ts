// The Hypercore sessions that one store made, by core: what a store closes when it closes, `store.sessions`.

import type { Hypercore } from '@coreyard/hypercore-types'
import type { Lease } from '@coreyard/sessions'
import type { OpenCore } from '../cores/open-cores.js'
import { coreId } from '../lookup/core-identity.js'

/** The sessions of one core: the array is Hypercore's own, which adds and removes them, derived ones included. */
export interface CoreSessions {
  readonly sessions: Hypercore<unknown>[]
  /** How many sessions that hold a lease are here, or will be as soon as they have opened. */
  held: number
}

/** The sessions of one store. Iterates over them. */
export class SessionTracker implements Iterable<Hypercore<unknown>> {
  readonly #byCore = new Map<string, CoreSessions>()
  readonly #leases = new Map<Hypercore<unknown>, Lease<OpenCore>>()
  readonly #check: (id: string) => void

  /** @param check called with the id of a core of which a session ended that holds no lease of its own */
  constructor(check: (id: string) => void) {
    this.#check = check
  }

  /** On how many cores there are sessions. */
  get size(): number {
    return this.#byCore.size
  }

  /** The sessions of the core with this discovery key in hex, or of all cores. */
  list(id?: string): Hypercore<unknown>[] {
    return id === undefined ? [...this] : [...(this.#byCore.get(id)?.sessions ?? [])]
  }

  /** Every open session. */
  *[Symbol.iterator](): IterableIterator<Hypercore<unknown>> {
    for (const { sessions } of this.#byCore.values()) yield* sessions
  }

  /** Makes room for one more session of a core; `hold` must follow. */
  reserve(id: string): CoreSessions {
    let record = this.#byCore.get(id)
    if (record === undefined) {
      record = { sessions: [], held: 0 }
      this.#byCore.set(id, record)
    }
    record.held++
    return record
  }

  /**
   * Ties a lease to the session that `reserve` made room for: it is released when the session ends. A weak session keeps no core open:
   * its lease is released as soon as it has opened.
   */
  hold(session: Hypercore<unknown>, lease: Lease<OpenCore>): void {
    this.#leases.set(session, lease)
    if (!session.weak) return
    session.ready().then(
      () => this.#release(session, lease),
      () => {}, // it has ended
    )
  }

  /** For Hypercore to call with every session that closed or failed to open, derived ones included. */
  readonly ended = (session: Hypercore<unknown>): void => {
    const lease = this.#leases.get(session)
    if (lease !== undefined) {
      this.#release(session, lease)
      return
    }
    const id = idOf(session)
    this.#forgetIfUnused(id)
    queueMicrotask(() => this.#check(id))
  }

  #release(session: Hypercore<unknown>, lease: Lease<OpenCore>): void {
    if (!this.#leases.delete(session)) return
    const record = this.#byCore.get(lease.id)
    if (record !== undefined) record.held--
    this.#forgetIfUnused(lease.id)
    // Hypercore is still in the middle of opening or closing the session: let it finish before its core may be closed.
    queueMicrotask(() => lease.release())
  }

  #forgetIfUnused(id: string): void {
    const record = this.#byCore.get(id)
    if (record?.held === 0 && record.sessions.length === 0) this.#byCore.delete(id)
  }
}

function idOf({ discoveryKey }: Hypercore<unknown>): string {
  if (discoveryKey === null) throw new Error('a session of a store has a core')
  return coreId(discoveryKey)
}
