// Which signed writes of a store are synced, so that they survive a power cut, and for how long writes wait for a sync. In the meantime,
// hypercore-port (send-gate.ts) holds back the messages to peers.

import { now } from './clock.js'

/** The fraction of the time that writes may spend waiting for syncs. */
const WAITING_SHARE = 0.1
/** How long a write may wait if none has waited recently, in milliseconds. */
const MOST_WAITING = 200

/** The syncs of a store. */
export class Durability {
  readonly #sync: () => Promise<void>
  readonly #warn: (error: unknown) => void
  #isFailing = false
  /** The number of signed writes so far. */
  #signed = 0
  /** How many of them are synced. Below zero: it is unknown whether the writes before the store opened are. */
  #synced = -1
  /** How long writes may wait now, in milliseconds, and when that was computed. */
  #credit = MOST_WAITING
  #countedAt = now()

  /**
   * @param sync makes everything that was written before the call survive a power cut
   * @param warn called with the error of the first sync that fails; peers wait until one succeeds
   */
  constructor(sync: () => Promise<void>, warn: (error: unknown) => void) {
    this.#sync = sync
    this.#warn = warn
  }

  /** Whether all signed writes of the store survive a power cut. */
  get isComplete(): boolean {
    return this.#synced === this.#signed
  }

  /** A signed write has ended. */
  signed(): void {
    this.#signed++
  }

  /** @returns whether everything that was written before the call survives a power cut */
  async sync(): Promise<boolean> {
    const signed = this.#signed
    try {
      await this.#sync()
      this.#synced = Math.max(this.#synced, signed)
      this.#isFailing = false
    } catch (error) {
      if (!this.#isFailing) this.#warn(error)
      this.#isFailing = true
    }
    return !this.#isFailing
  }

  /** Waits for a sync, unless writes have already waited for too long recently. */
  async waitFor(sync: Promise<void>): Promise<void> {
    const limit = this.#count()
    if (limit <= 0 || this.#isFailing) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limit)
    })
    const began = now()
    await Promise.race([sync, late])
    clearTimeout(timer)
    this.#count()
    this.#credit = Math.max(-MOST_WAITING, this.#credit - (now() - began))
  }

  /** @returns how long writes may wait now, in milliseconds */
  #count(): number {
    const time = now()
    this.#credit = Math.min(MOST_WAITING, this.#credit + (time - this.#countedAt) * WAITING_SHARE)
    this.#countedAt = time
    return this.#credit
  }
}
