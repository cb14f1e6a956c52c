// Syncing the log, and what follows when a sync fails: what was written before may be lost although a later sync succeeds, so
// that only a checkpoint makes anything safe again.

import type { Engine } from './engine.js'

export class Syncs {
  /** The log may hold a batch that was reported as failed: no other may follow it there. */
  isLogSpoiled = false
  readonly #engine: Engine
  /** Failed syncs that a checkpoint has made up for. */
  #forgiven: number

  constructor(engine: Engine) {
    this.#engine = engine
    this.#forgiven = engine.file.failedSyncs
  }

  /** Whether a sync has failed and no checkpoint has made up for it. */
  get isSuspicious(): boolean {
    return this.#engine.file.failedSyncs !== this.#forgiven
  }

  /** Makes what the log holds safe. */
  async syncLog(): Promise<void> {
    const { log, file } = this.#engine
    const sequence = log.sequence
    if (log.synced === sequence) return
    try {
      await file.sync()
      if (this.isSuspicious) throw file.syncError
    } catch (error) {
      this.isLogSpoiled = true
      throw error
    }
    log.synced = Math.max(log.synced, sequence)
  }

  /** A checkpoint is durable that was begun after so many failures. */
  forgive(failures: number): void {
    this.#forgiven = failures
    if (!this.isSuspicious) this.isLogSpoiled = false
  }
}
