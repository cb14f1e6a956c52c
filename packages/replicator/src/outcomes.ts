// Why cores are not replicated over a stream, for inspection only: no decision depends on it. A stream of which no core was refused keeps
// nothing.

import { keyId } from './key-id.js'

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
  #byCore: Map<string, Outcome> | null = null

  note(discoveryKey: Uint8Array, reason: OutcomeReason): void {
    this.#byCore ??= new Map()
    const id = keyId(discoveryKey)
    // The newest is last.
    this.#byCore.delete(id)
    this.#byCore.set(id, { discoveryKey: Uint8Array.from(discoveryKey), reason, time: Date.now() })
    if (this.#byCore.size <= MOST) return
    const [oldest] = this.#byCore.keys()
    if (oldest !== undefined) this.#byCore.delete(oldest)
  }

  /** Notes that the policy refused a core, unless it has said why. @param since when the policy was asked, in milliseconds since 1970 */
  refused(discoveryKey: Uint8Array, since: number): void {
    const known = this.#byCore?.get(keyId(discoveryKey))
    if (known === undefined || known.time < since) this.note(discoveryKey, 'policy')
  }

  /** A core is attached. */
  forget(discoveryKey: Uint8Array): void {
    this.#byCore?.delete(keyId(discoveryKey))
  }

  *[Symbol.iterator](): Generator<Outcome> {
    if (this.#byCore !== null) yield* this.#byCore.values()
  }
}
