// How long a peer uses a core that is open for it. It is inferred from the messages that arrive for the core, because the protocol has no
// message for it. Which cores are open, and what happens to one that has fallen quiet, is in passive-cores.ts.

import { hasPeers, isHeld, messagesTo, requestsTo } from '@coreyard/hypercore-port'
import type { Lease } from '@coreyard/sessions'
import type { ManagedCore } from '../cores/managed-core.js'
import type { Part } from './fair-parts.js'

/** For how long peers that answer immediately may send no message, in milliseconds. */
const LEAST_PATIENCE = 150
/** The same, for peers that have not sent anything yet. */
const FIRST_PATIENCE = 10_000
/** A peer may take this many times as long for its next message as for its first answer. */
const PATIENCE_FACTOR = 1.5

/** The use of an open core by peers, from now on. */
export class PeerUse {
  readonly lease: Lease<ManagedCore>
  /** The peer that it counts for. */
  readonly part: Part
  readonly since: number
  readonly #requests: number
  #activity = 0
  #awaited = 0
  #heardAt: number
  #patience = FIRST_PATIENCE

  /** @param now in milliseconds, as all times here */
  constructor(lease: Lease<ManagedCore>, part: Part, now: number) {
    this.lease = lease
    this.part = part
    this.since = this.#heardAt = now
    this.#requests = requestsTo(lease.resource.core)
  }

  /** The id of the core. */
  get id(): string {
    return this.lease.resource.id
  }

  /** Whether the core has opened. */
  get isOpen(): boolean {
    return this.lease.resource.core.opened
  }

  /** When the last message arrived that `hasEnded` has seen, or when the use began. */
  get heardAt(): number {
    return this.#heardAt
  }

  /** Keeps the core open until something has settled, for up to 10 seconds: its peer is not attached yet. */
  awaits(settled: Promise<unknown>): void {
    this.#awaited++
    const end = () => {
      this.#awaited--
    }
    settled.then(end, end)
  }

  /** Whether peers have requested anything. */
  get wanted(): boolean {
    return requestsTo(this.lease.resource.core) > this.#requests
  }

  /** Checks whether messages have arrived since the last call. Returns whether the core need not be kept open any longer. */
  hasEnded(now: number): boolean {
    const { core } = this.lease.resource
    const activity = messagesTo(core)
    if (activity !== this.#activity) {
      if (this.#activity === 0)
        this.#patience = Math.max(LEAST_PATIENCE, PATIENCE_FACTOR * (now - this.since))
      this.#activity = activity
      this.#heardAt = now
    }
    if (!core.opened) return false
    if (this.#awaited > 0 && now - this.since < FIRST_PATIENCE) return false
    // A session keeps the core open by itself, and without a peer there is no use to keep it open for.
    return isHeld(core) || !hasPeers(core) || now - this.#heardAt >= this.#patience
  }
}
