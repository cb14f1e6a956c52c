// Why cores are not replicated over a stream, for inspection only: no decision depends on it. A stream of which no core was refused keeps
// nothing.

import { KeyList } from './key-list.js'

/**
 * Why a core is not attached to a stream:
 *
 * - `authorize`: the store's `authorize` did not permit it;
 * - `deciding`: `authorize` has not decided yet;
 * - `not-stored`: the peer requested it, and the store does not have it;
 * - `capacity`: it is stored, and waits until the store can open one more core;
 * - `limit`: the peer has reached `maxAttached` or `maxAsks`;
 * - `late`: the store gave no answer within 10 seconds;
 * - `failed`: the storage or `authorize` failed. The encrypted stream has emitted the error as `warning`;
 * - `policy`: a custom replicator refused it.
 */
export type OutcomeReason =
  | 'authorize'
  | 'deciding'
  | 'not-stored'
  | 'capacity'
  | 'limit'
  | 'late'
  | 'failed'
  | 'policy'

/** A core that is not attached to a stream, and why. */
export interface Outcome {
  /** 32 bytes. */
  readonly discoveryKey: Uint8Array
  readonly reason: OutcomeReason
  /** Milliseconds since 1970. */
  readonly time: number
}

/** How many are kept for one stream. The oldest is dropped first. */
const MOST = 256

export class Outcomes implements Iterable<Outcome> {
  /** The key, the reason and the time of each outcome, the newest last. */
  readonly #keys = new KeyList(MOST)
  readonly #reasons: OutcomeReason[] = []
  readonly #times: number[] = []

  note(discoveryKey: Uint8Array, reason: OutcomeReason): void {
    this.forget(discoveryKey)
    if (this.#keys.isFull) this.#remove(0)
    this.#keys.push(discoveryKey)
    this.#reasons.push(reason)
    this.#times.push(Date.now())
  }

  /** Notes that the policy refused a core, unless it has said why. @param since when the policy was asked, in milliseconds since 1970 */
  refused(discoveryKey: Uint8Array, since: number): void {
    const time = this.#times[this.#keys.indexOf(discoveryKey)]
    if (time === undefined || time < since) this.note(discoveryKey, 'policy')
  }

  /** A core is attached. */
  forget(discoveryKey: Uint8Array): void {
    const index = this.#keys.indexOf(discoveryKey)
    if (index !== -1) this.#remove(index)
  }

  *[Symbol.iterator](): Generator<Outcome> {
    for (const [index, reason] of this.#reasons.entries()) {
      yield { discoveryKey: this.#keys.at(index), reason, time: this.#times[index] ?? 0 }
    }
  }

  #remove(index: number): void {
    this.#keys.remove(index)
    this.#reasons.splice(index, 1)
    this.#times.splice(index, 1)
  }
}
