// Commits: batches that wait for one another go into one transaction (transaction.ts). If storage and cache answer at once, a batch is
// done before `commit` returns. Everything that changes the store takes turns (turns.ts) with checkpoints.

import { Checkpointer } from '../checkpoint/checkpointer.js'
import { giveEndBack, WHEN_ASKED, WHEN_CLOSING, WORTH_GIVING } from '../checkpoint/compact.js'
import type { Engine } from '../engine.js'
import type { Maybe } from '../storage/storage.js'
import { type Batch, lengthOf } from './operations.js'
import { Transaction } from './transaction.js'
import { Turns } from './turns.js'

/** Bytes of batches that are written to the log together. */
const GROUP = 1 << 20
/** The option `sync` tries again after so many milliseconds at least. */
const RETRY = 1000

interface Waiting {
  readonly batch: Batch
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export class Writer {
  readonly checkpointer: Checkpointer
  readonly #engine: Engine
  readonly #turns: Turns
  readonly #batches: Waiting[] = []
  readonly #idle: (() => void)[] = []
  /** Settles with the last batch. */
  #last: Promise<void> = Promise.resolve()
  #isSyncing = false
  #isClosing = false
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(engine: Engine) {
    this.#engine = engine
    this.#turns = new Turns(
      () => this.#work(),
      () => this.#rest(),
    )
    this.checkpointer = new Checkpointer(engine, this.#turns)
  }

  commit(batch: Batch): Promise<void> {
    const committed = new Promise<void>((resolve, reject) => {
      this.#batches.push({ batch, resolve, reject })
      this.#turns.kick()
    })
    // Batches are settled in the order in which they came.
    this.#last = committed
    return committed
  }

  /** Brings a store of an older format over: a checkpoint writes the present one. */
  upgrade(): Promise<void> {
    this.#engine.backlog.force()
    return this.checkpointer.run()
  }

  /** Makes every batch safe from a power cut for which `commit` has been called. */
  async sync(): Promise<void> {
    await this.#last.catch(() => {})
    if (this.#engine.backlog.isSuspicious) return this.checkpointer.run()
    await this.#engine.log.sync()
    await this.#turns.task(() => this.#engine.log.mark())
  }

  /** Writes a checkpoint and makes the file as small as possible. */
  compact(): Promise<void> {
    return this.checkpointer.compact(WHEN_ASKED)
  }

  /** Waits until nothing runs, then writes a checkpoint. Earlier calls may still begin while it waits. */
  async settle(): Promise<void> {
    do {
      await this.#drained()
      await this.checkpointer.compacted
      await this.checkpointer.run()
    } while (this.#turns.isBusy || this.#batches.length > 0 || this.checkpointer.isBusy)
    // Everything is safe.
    this.#stopTimer()
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  /** Settles, and shrinks the file. */
  async close(): Promise<void> {
    if (this.#engine.options.readOnly) return
    this.#isClosing = true
    try {
      await this.settle()
      // Everything is safe by now. A file that stays too large is no reason to fail.
      await this.checkpointer.compact(WHEN_CLOSING).catch(() => {})
      // But after a failed sync, the storage may return bytes that it loses in a power cut. The next opening cannot know that.
      if (this.#engine.backlog.isSuspicious) await this.settle()
    } finally {
      this.#stopTimer()
    }
  }

  /** Resolves once every batch so far is settled. */
  #drained(): Promise<void> {
    if (!this.#turns.isBusy && this.#batches.length === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  #work(): Maybe<void> | null {
    if (this.#batches.length === 0) return null
    const { isRunning, isBehind } = this.checkpointer
    return isBehind || this.#engine.backlog.mustWait(isRunning) ? null : this.#commitGroup()
  }

  #rest(): void {
    if (this.#batches.length === 0) for (const resolve of this.#idle.splice(0)) resolve()
    else if (!this.checkpointer.isRunning) void this.#checkpointOrReject()
  }

  async #checkpointOrReject(): Promise<void> {
    try {
      await this.checkpointer.run()
    } catch (error) {
      for (const waiting of this.#batches.splice(0)) waiting.reject(error)
      this.#turns.kick()
    }
  }

  #takeGroup(): Waiting[] {
    let bytes = 0
    let n = 0
    while (n < this.#batches.length && bytes < GROUP) bytes += lengthOf((this.#batches[n++] as Waiting).batch)
    return this.#batches.splice(0, n)
  }

  /** A batch that cannot be prepared fails alone. All others are committed together, or none of them. */
  async #commitGroup(): Promise<void> {
    const { log } = this.#engine
    const transaction = new Transaction(this.#engine)
    const before = log.position
    const settled: (() => void)[] = []
    const ready: Waiting[] = []
    try {
      for (const waiting of this.#takeGroup()) {
        try {
          const prepared = transaction.prepare(waiting.batch)
          if (prepared instanceof Promise) await prepared
          ready.push(waiting)
        } catch (error) {
          await this.#giveEndBack()
          settled.push(() => waiting.reject(error))
        }
      }
      if (!transaction.isEmpty) {
        const committed = transaction.commit(before)
        if (committed instanceof Promise) await committed
      }
      for (const waiting of ready) settled.push(waiting.resolve)
    } catch (error) {
      await transaction.rollback(before)
      await this.#giveEndBack()
      for (const waiting of ready) settled.push(() => waiting.reject(error))
    }
    // Settled together, so that the last batch is settled after the earlier ones.
    for (const settle of settled) settle()
    this.#afterCommit()
  }

  /** Frees the pages that a refused batch took at the end of the file: on a full disk, others may need them. */
  async #giveEndBack(): Promise<void> {
    try {
      await giveEndBack(this.#engine, WORTH_GIVING)
    } catch {
      // The batch is refused for another reason, and the space is used for the next one.
    }
  }

  #afterCommit(): void {
    const { options } = this.#engine
    if (typeof options.sync === 'number') this.#syncLater(options.sync)
    if (this.#engine.backlog.isSyncDue && !this.#isSyncing) void this.#syncValues()
    this.checkpointer.runIfDue()
  }

  /**
   * Makes everything safe after so many milliseconds. A failure is not ignored: the next commit waits for a checkpoint, and fails if that
   * fails. There may be no other commit, so it is tried again.
   */
  #syncLater(delay: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.sync().catch(() => {
        if (!this.#isClosing) this.#syncLater(Math.max(delay, RETRY))
      })
    }, delay)
  }

  /** Large values are kept in memory until they are safe. */
  async #syncValues(): Promise<void> {
    this.#isSyncing = true
    // A failure is not ignored: a checkpoint then writes the values again.
    await this.#engine.backlog.sync().catch(() => {})
    this.#isSyncing = false
  }
}
