// Commits: batches that wait for one another are written to the log together, then applied. If storage and cache answer at once, a
// batch is done before `commit` returns. Everything that changes the store takes turns (turns.ts) with checkpoints.

import { Checkpointer } from './checkpointer.js'
import { crc32 } from './checksum.js'
import { WHEN_ASKED, WHEN_CLOSING } from './compact.js'
import type { Engine } from './engine.js'
import type { Payload } from './log.js'
import { type Change, encodeChanges, encodedLength } from './operations.js'
import type { Maybe } from './storage.js'
import { Syncs } from './syncs.js'
import { Turns } from './turns.js'
import { isLarge, MAX_LOGGED } from './values.js'

/** Bytes of batches that are written to the log together. */
const GROUP = 1 << 20

interface Batch {
  readonly changes: readonly Change[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export class Writer {
  readonly checkpointer: Checkpointer
  readonly #engine: Engine
  readonly #turns: Turns
  readonly #syncs: Syncs
  readonly #batches: Batch[] = []
  readonly #idle: (() => void)[] = []
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(engine: Engine) {
    this.#engine = engine
    this.#turns = new Turns(
      () => this.#work(),
      () => this.#rest(),
    )
    this.#syncs = new Syncs(engine)
    this.checkpointer = new Checkpointer(engine, this.#turns, this.#syncs)
  }

  commit(changes: readonly Change[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#batches.push({ changes, resolve, reject })
      this.#turns.kick()
    })
  }

  /** Makes every acknowledged batch safe from a power cut. */
  async sync(): Promise<void> {
    if (this.#syncs.isSuspicious) return this.checkpointer.run()
    await this.#syncs.syncLog()
    // The batches are safe with a mark and without one.
    await this.#turns.task(() => this.#engine.log.mark()).catch(() => {})
  }

  /** Writes a checkpoint and makes the file as small as it can be. */
  compact(): Promise<void> {
    return this.checkpointer.compact(WHEN_ASKED)
  }

  /** Waits until nothing is under way, then writes a checkpoint. What was called for just before may begin while it waits. */
  async settle(): Promise<void> {
    do {
      await this.#drained()
      await this.checkpointer.compacted
      await this.checkpointer.run()
    } while (this.#turns.isBusy || this.#batches.length > 0 || this.checkpointer.isBusy)
  }

  /** Settles, and gives free space back. */
  async close(): Promise<void> {
    if (this.#engine.options.readOnly) return
    try {
      await this.settle()
      // By now everything is safe: a file that stays too large is no reason to fail.
      await this.checkpointer.compact(WHEN_CLOSING).catch(() => {})
    } finally {
      if (this.#timer !== null) clearTimeout(this.#timer)
    }
  }

  /** Resolves once every batch so far is settled. */
  #drained(): Promise<void> {
    if (!this.#turns.isBusy && this.#batches.length === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  #work(): Maybe<void> | null {
    return this.#batches.length > 0 && !this.#mustWait() ? this.#group(this.#takeGroup()) : null
  }

  #rest(): void {
    if (this.#batches.length === 0) for (const resolve of this.#idle.splice(0)) resolve()
    else if (!this.checkpointer.isRunning) void this.#checkpointOrReject()
  }

  /** Whether batches wait for a checkpoint: the log is of no use to them, or has no room. Memory and log are bounded by that. */
  #mustWait(): boolean {
    const { isLogSpoiled, isSuspicious } = this.#syncs
    if (isLogSpoiled || (isSuspicious && this.#engine.options.sync === 'always')) return true
    return this.checkpointer.fill > (this.checkpointer.isRunning ? 2 : 4)
  }

  async #checkpointOrReject(): Promise<void> {
    try {
      await this.checkpointer.run()
    } catch (error) {
      for (const batch of this.#batches.splice(0)) batch.reject(error)
      this.#turns.kick()
    }
  }

  #takeGroup(): Batch[] {
    let bytes = 0
    let n = 0
    while (n < this.#batches.length && bytes < GROUP)
      bytes += encodedLength((this.#batches[n++] as Batch).changes)
    return this.#batches.splice(0, n)
  }

  async #group(batches: readonly Batch[]): Promise<void> {
    const { pager } = this.#engine
    pager.hold()
    const ready: Batch[] = []
    try {
      for (const batch of batches) {
        try {
          const prepared = this.#prepare(batch.changes)
          if (prepared instanceof Promise) await prepared
          ready.push(batch)
        } catch (error) {
          this.#discard(batch.changes)
          batch.reject(error)
        }
      }
      if (ready.length === 0) return
      const appended = this.#append(ready)
      if (appended instanceof Promise) await appended
      for (const batch of ready) {
        for (const change of batch.changes) this.#engine.apply(change)
      }
    } catch (error) {
      for (const batch of ready) {
        this.#discard(batch.changes)
        batch.reject(error)
      }
      return
    } finally {
      pager.unhold()
    }
    for (const batch of ready) batch.resolve()
    this.#afterCommit()
  }

  /** Brings everything that the changes touch into memory, and writes the values that do not go through the log. */
  #prepare(changes: readonly Change[]): Maybe<void> {
    const late: Promise<void>[] = []
    try {
      for (const change of changes) {
        const prepared = this.#engine.prepare(change)
        if (prepared instanceof Promise) late.push(prepared)
        if (change.kind !== 'put' || change.value.length <= MAX_LOGGED) continue
        if (!isLarge(change.key, change.value, this.#engine.pageSize)) continue
        const written = this.#writeValue(change)
        if (written instanceof Promise) late.push(written)
      }
    } catch (error) {
      late.push(Promise.reject(error))
    }
    if (late.length === 0) return undefined
    // All of them are over before the batch goes on or fails.
    return Promise.allSettled(late).then((results) => {
      for (const result of results) if (result.status === 'rejected') throw result.reason
    })
  }

  #writeValue(change: Extract<Change, { kind: 'put' }>): Maybe<void> {
    const { space, pins, file, pageSize } = this.#engine
    const count = Math.ceil(change.value.length / pageSize)
    const page = space.allocate(count)
    pins.born(page)
    change.reference = { page, length: change.value.length, checksum: crc32(change.value) }
    this.#engine.valueBytes += change.value.length
    return file.write(page * pageSize, change.value)
  }

  /** Frees the values of a batch that did not come to be. The next checkpoint lets them be reused. */
  #discard(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind !== 'put' || change.reference === null) continue
      const { page, length } = change.reference
      this.#engine.pins.free(page, Math.ceil(length / this.#engine.pageSize), true)
    }
  }

  #append(batches: readonly Batch[]): Maybe<void> {
    const payloads: Payload[] = batches.map(({ changes }) => ({
      length: encodedLength(changes),
      encode: (into, offset) => encodeChanges(changes, into, offset),
    }))
    const appended = this.#engine.log.append(payloads)
    if (this.#engine.options.sync !== 'always') return appended
    return Promise.resolve(appended).then(() => this.#syncs.syncLog())
  }

  #afterCommit(): void {
    const { options } = this.#engine
    if (typeof options.sync === 'number' && this.#timer === null) {
      this.#timer = setTimeout(() => {
        this.#timer = null
        // A failure is not lost: the next commit waits for a checkpoint, and fails if that fails.
        this.sync().catch(() => {})
      }, options.sync)
    }
    this.checkpointer.runIfDue()
  }
}
