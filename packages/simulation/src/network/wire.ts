// One direction of a connection: bytes arrive in order, later than they were sent, and not at all once it is broken.

import type { Clock } from '../platform/clock.js'
import type { Random } from '../platform/random.js'

/** How good a link is. */
export interface Conditions {
  /** The shortest and the longest time that bytes are under way, in milliseconds. */
  readonly latency: readonly [least: number, most: number]
  /** In bytes per millisecond. */
  readonly rate: number
}

/** What bytes arrive at. */
export interface Receiver {
  arrive(data: Uint8Array | null): void
}

export class Wire {
  conditions: Conditions
  readonly #clock: Clock
  readonly #random: Random
  #receiver: Receiver | null = null
  /** When what was sent before has left. */
  #freeAt = 0
  #lastArrival = 0
  #isBroken = false

  constructor(conditions: Conditions, clock: Clock, random: Random) {
    this.conditions = conditions
    this.#clock = clock
    this.#random = random
  }

  lead(receiver: Receiver): void {
    this.#receiver = receiver
  }

  /** Loses what is under way and everything that is sent from now on. */
  break(): void {
    this.#isBroken = true
  }

  /**
   * Sends bytes, or the end.
   *
   * @param sent called when they have left and others may follow
   */
  send(data: Uint8Array | null, sent: () => void): void {
    const { latency, rate } = this.conditions
    const { now } = this.#clock
    this.#freeAt = Math.max(now, this.#freeAt) + (data?.length ?? 0) / rate
    this.#lastArrival = Math.max(this.#lastArrival, this.#freeAt + this.#random.between(...latency))
    void this.#clock.sleep(this.#lastArrival - now).then(() => {
      if (!this.#isBroken) this.#receiver?.arrive(data)
    })
    if (this.#freeAt === now) sent()
    else void this.#clock.sleep(this.#freeAt - now).then(sent)
  }
}
