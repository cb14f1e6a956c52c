// The one place where a store changes: batches and checkpoints take turns here. Batches that wait for one another are
// written to the log together. If storage and cache answer at once, a batch is done before `commit` returns.

import { abandon, complete, flip, freeze, isCheckpointed, suspect, writeFrozen } from './checkpoint.js'
import { crc32 } from './checksum.js'
import type { Engine } from './engine.js'
import type { Payload } from './log.js'
import { type Change, encodeChanges, encodedLength } from './operations.js'
import { shrink } from './shrink.js'
import type { Maybe } from './storage.js'
import { isLarge, MAX_LOGGED } from './values.js'

/** Nodes merged or freed before commits get their turn again. */
const SHRINK_STEP = 64
/** Bytes of batches that are written to the log together. */
const GROUP = 1 << 20
/** Free pages at the end of the file are given back if they are more than this many bytes, and a quarter of it. */
const TRIM = 1 << 20

interface Batch {
  readonly changes: readonly Change[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

interface Task {
  readonly run: () => Maybe<void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export class Writer {
  readonly #engine: Engine
  readonly #batches: Batch[] = []
  readonly #tasks: Task[] = []
  #busy = false
  #checkpoint: Promise<void> | null = null
  #queued: Promise<void> | null = null
  /** Failed syncs that a checkpoint has made up for. After any other, only a checkpoint makes anything safe again. */
  #forgiven: number
  /** The log may hold a batch that was reported as failed: no other may follow it there. */
  #isLogSpoiled = false
  /** After a failed checkpoint, the size of the log at which to try again. */
  #retryAt = 0
  /** Why the last checkpoint that ran by itself failed. */
  checkpointError: unknown = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #idle: (() => void)[] = []

  constructor(engine: Engine) {
    this.#engine = engine
    this.#forgiven = engine.file.failedSyncs
  }

  get #isSuspicious(): boolean {
    return this.#engine.file.failedSyncs !== this.#forgiven
  }

  commit(changes: readonly Change[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#batches.push({ changes, resolve, reject })
      this.#kick()
    })
  }

  /** Makes every acknowledged batch safe from a power cut. */
  sync(): Promise<void> {
    return this.#isSuspicious ? this.checkpoint() : this.#syncLog()
  }

  async #syncLog(): Promise<void> {
    const { log, file } = this.#engine
    const sequence = log.sequence
    if (log.synced === sequence) return
    try {
      await file.sync()
      if (this.#isSuspicious) throw file.syncError
    } catch (error) {
      this.#isLogSpoiled = true
      throw error
    }
    log.synced = Math.max(log.synced, sequence)
  }

  /** Writes everything committed so far into the tree on the storage. */
  checkpoint(): Promise<void> {
    if (this.#checkpoint === null) {
      this.#checkpoint = this.#runCheckpoint().finally(() => {
        this.#checkpoint = null
        this.#kick()
      })
      return this.#checkpoint
    }
    // One is being written; what was committed since needs another.
    this.#queued ??= this.#checkpoint
      .catch(() => {})
      .then(() => {
        this.#queued = null
        return this.checkpoint()
      })
    return this.#queued
  }

  /** Waits until nothing is under way, then writes a last checkpoint and gives free pages at the end back. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#engine.options.readOnly) return
    await this.drained()
    await this.checkpoint()
    await this.#task(() => this.#trim(0))
  }

  /** Resolves once every batch so far is settled. */
  drained(): Promise<void> {
    if (!this.#busy && this.#batches.length === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  /** Runs alone, between batches. */
  #task(run: () => Maybe<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#tasks.push({ run, resolve, reject })
      this.#kick()
    })
  }

  /** Runs `read` when no checkpoint is being written and no batch is being applied. */
  async quietly(read: () => void): Promise<void> {
    let done = false
    while (!done) {
      await this.#checkpoint?.catch(() => {})
      await this.#task(() => {
        done = this.#checkpoint === null
        if (done) read()
      })
    }
  }

  #kick(): void {
    if (!this.#busy) void this.#drain()
  }

  async #drain(): Promise<void> {
    this.#busy = true
    for (;;) {
      const task = this.#tasks.shift()
      if (task !== undefined) {
        try {
          const run = task.run()
          if (run instanceof Promise) await run
          task.resolve()
        } catch (error) {
          task.reject(error)
        }
      } else if (this.#batches.length > 0 && !this.#mustWait()) {
        const group = this.#group(this.#takeGroup())
        if (group instanceof Promise) await group
      } else break
    }
    this.#busy = false
    if (this.#batches.length > 0) {
      if (this.#checkpoint === null) void this.#checkpointOrReject()
      return
    }
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** Whether batches wait for a checkpoint: the log is of no use to them, or has no room. Memory and log are bounded by that. */
  #mustWait(): boolean {
    if (this.#isLogSpoiled || (this.#isSuspicious && this.#engine.options.sync === 'always')) return true
    return this.#fill() > (this.#checkpoint === null ? 4 : 2)
  }

  /** How full log and memory are: a checkpoint is due at 1. */
  #fill(): number {
    const { log, pager, options, valueBytes } = this.#engine
    const dirtyLimit = Math.max(options.cacheSize / 2, options.logSize)
    return Math.max(
      log.bytes / options.logSize,
      pager.dirtyBytes / dirtyLimit,
      valueBytes / (8 * options.logSize),
    )
  }

  async #checkpointOrReject(): Promise<void> {
    try {
      await this.checkpoint()
    } catch (error) {
      for (const batch of this.#batches.splice(0)) batch.reject(error)
      this.#kick()
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
    return Promise.resolve(appended).then(() => this.#syncLog())
  }

  #afterCommit(): void {
    const { log, options } = this.#engine
    if (typeof options.sync === 'number' && this.#timer === null) {
      this.#timer = setTimeout(() => {
        this.#timer = null
        // A failure is not lost: the next commit waits for a checkpoint, and fails if that fails.
        this.sync().catch(() => {})
      }, options.sync)
    }
    if (this.#checkpoint === null && this.#fill() > 1 && log.bytes >= this.#retryAt) {
      this.checkpoint().catch((error: unknown) => {
        // Tried again later, and by `checkpoint` and `close`, which report it. Batches wait for it at four times the limit.
        this.checkpointError = error
        this.#retryAt = log.bytes + options.logSize / 4
      })
    }
  }

  async #runCheckpoint(): Promise<void> {
    const engine = this.#engine
    if (isCheckpointed(engine) && !this.#isSuspicious) return
    for (
      let steps = 1 + engine.tree.sparse.length / SHRINK_STEP;
      steps > 0 || engine.tree.cutOff.length > 0;
      steps--
    ) {
      await this.#task(() => shrink(engine.tree, SHRINK_STEP))
    }
    const frozen = await this.#inTask(async () => {
      await shrink(engine.tree, Number.POSITIVE_INFINITY)
      return freeze(engine)
    })
    try {
      await writeFrozen(engine, frozen)
    } catch (error) {
      abandon(engine, frozen)
      throw error
    }
    try {
      await flip(engine, frozen)
    } catch (error) {
      suspect(engine, frozen)
      throw error
    }
    this.#forgiven = frozen.failedSyncs
    if (!this.#isSuspicious) this.#isLogSpoiled = false
    this.#retryAt = 0
    this.checkpointError = null
    await this.#task(() => {
      complete(engine, frozen)
      return this.#trim(TRIM)
    })
  }

  async #inTask<T>(run: () => Promise<T>): Promise<T> {
    let result: T | undefined
    await this.#task(async () => {
      result = await run()
    })
    return result as T
  }

  /** Gives the free pages at the end of the file back, if they are worth it. */
  #trim(least: number): Maybe<void> {
    const { space, file, pageSize } = this.#engine
    const bytes = space.freeAtEnd * pageSize
    if (!file.canTruncate || bytes <= least || (least > 0 && space.freeAtEnd < space.pageCount / 4))
      return undefined
    space.trim()
    return file.truncate(space.pageCount * pageSize)
  }
}
