// Counts the records of a phase of a copy, and says when a batch is full.
import { isCoreRecord } from '@coreyard/hypercore-port/storage'
import type { CopyProgress, Pace } from './copy-options.js'

export class Tally {
  readonly #phase: CopyProgress['phase']
  readonly #pace: Pace
  #pending = 0
  entries = 0
  bytes = 0
  cores = 0

  constructor(phase: CopyProgress['phase'], pace: Pace) {
    this.#phase = phase
    this.#pace = pace
  }

  /** Counts a record. Returns whether the batch is now full. */
  add(key: Uint8Array, value: Uint8Array): boolean {
    const size = key.byteLength + value.byteLength
    this.entries++
    this.bytes += size
    this.#pending += size
    if (isCoreRecord(key)) this.cores++
    return this.#pending >= this.#pace.batchSize
  }

  /** Reports the batch that is done, and begins the next one. Throws if the copy is to stop. */
  next(): void {
    this.#pending = 0
    const { entries, bytes, cores } = this
    this.#pace.report({ phase: this.#phase, entries, bytes, cores })
  }
}
