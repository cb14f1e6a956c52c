// What of a store survives a power cut: which signed writes are synced, and for how long writes wait for a sync. What peers are told
// meanwhile is held by hypercore-port (send-gate.ts).

import { now } from './clock.js'

/** The part of the time in which writes may wait for syncs. */
const WAITING_SHARE = 0.1
/** For how long writes may wait when none has waited for some time, in milliseconds. */
const MOST_WAITING = 200

/** The syncs of a store. */
export class Durability {
  readonly #sync: () => Promise<void>
  readonly #warn: (error: unknown) => void
  #isFailing = false
  /** How many signed writes there have been. */
  #signed = 0
  /** How many of them are synced. Below zero: nothing is known of those before the store opened. */
  #synced = -1
  /** For how long writes may wait now, in milliseconds, and when that was counted. */
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

  /** Waits for a sync, if writes have not waited for too long lately. */
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

  /** @returns for how long writes may wait now, in milliseconds */
  #count(): number {
    const time = now()
    this.#credit = Math.min(MOST_WAITING, this.#credit + (time - this.#countedAt) * WAITING_SHARE)
    this.#countedAt = time
    return this.#credit
  }
}
