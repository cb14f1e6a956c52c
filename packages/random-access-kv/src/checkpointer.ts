// When checkpoints run, and what comes with them: merging sparse nodes before, giving space back after. How one is written is in
// checkpoint.ts.

import { abandon, complete, flip, freeze, isCheckpointed, suspect, writeFrozen } from './checkpoint.js'
import { isWorthMoving, type Measure, moveSome } from './compact.js'
import type { Engine } from './engine.js'
import { shrink } from './shrink.js'
import type { Maybe } from './storage.js'
import type { Syncs } from './syncs.js'
import type { Turns } from './turns.js'

/** Nodes merged or freed before commits get their turn again. */
const SHRINK_STEP = 64
/** Free pages at the end of the file are given back if they are more than this many bytes, and a quarter of it. */
const TRIM = 1 << 20
/** Moving takes two rounds where what was moved first had to make room for what comes last. */
const MOVE_ROUNDS = 2

export class Checkpointer {
  /** Why the last checkpoint that ran by itself failed. */
  error: unknown = null
  readonly #engine: Engine
  readonly #turns: Turns
  readonly #syncs: Syncs
  #running: Promise<void> | null = null
  #queued: Promise<void> | null = null
  #compacting: Promise<void> = Promise.resolve()
  #compactions = 0
  /** The next checkpoint is written although there is nothing new. */
  #isForced = false
  /** After a failed checkpoint, the size of the log at which to try again. */
  #retryAt = 0

  constructor(engine: Engine, turns: Turns, syncs: Syncs) {
    this.#engine = engine
    this.#turns = turns
    this.#syncs = syncs
  }

  get isRunning(): boolean {
    return this.#running !== null
  }

  /** Whether anything is being written or moved, or waits for its turn to be. */
  get isBusy(): boolean {
    return this.#running !== null || this.#queued !== null || this.#compactions > 0
  }

  /** How full log and memory are: a checkpoint is due at 1. */
  get fill(): number {
    const { log, pager, options, valueBytes } = this.#engine
    const dirtyLimit = Math.max(options.cacheSize / 2, options.logSize)
    return Math.max(
      log.bytes / options.logSize,
      pager.dirtyBytes / dirtyLimit,
      valueBytes / (8 * options.logSize),
    )
  }

  /** Writes everything committed so far into the tree on the storage. */
  run(): Promise<void> {
    if (this.#queued !== null) return this.#queued
    if (this.#running === null) {
      this.#running = this.#runOnce().finally(() => {
        this.#running = null
        this.#turns.kick()
      })
      return this.#running
    }
    // One is being written; what was committed since needs another.
    this.#queued = this.#running
      .catch(() => {})
      .then(() => {
        this.#queued = null
        return this.run()
      })
    return this.#queued
  }

  /** Starts a checkpoint if it is time. */
  runIfDue(): void {
    const { log, options } = this.#engine
    if (this.#running !== null || this.fill <= 1 || log.bytes < this.#retryAt) return
    this.run().catch((error: unknown) => {
      // Tried again later, and by `checkpoint` and `close`, which report it. Batches wait for it at four times the limit.
      this.error = error
      this.#retryAt = log.bytes + options.logSize / 4
    })
  }

  /** Runs `read` when no checkpoint is being written and no batch is being applied. */
  async quietly(read: () => void): Promise<void> {
    let done = false
    while (!done) {
      await this.#running?.catch(() => {})
      await this.#turns.task(() => {
        done = this.#running === null
        if (done) read()
      })
    }
  }

  /** Writes a checkpoint, moves what stands at the end of the file to the front if that is worth it, and gives the end back. */
  compact(measure: Measure): Promise<void> {
    this.#compactions++
    const compacted = this.#compacting
      .then(() => this.#compactOnce(measure))
      .finally(() => {
        this.#compactions--
      })
    this.#compacting = compacted.catch(() => {})
    return compacted
  }

  /** Resolves once nothing is being moved. */
  get compacted(): Promise<void> {
    return this.#compacting
  }

  async #compactOnce(measure: Measure): Promise<void> {
    const { file } = this.#engine
    await this.run()
    for (let round = 0; file.canTruncate; round++) {
      await this.#turns.task(() => this.#trim(0))
      if (round === MOVE_ROUNDS || !isWorthMoving(this.#engine, measure)) return
      await this.#move()
    }
  }

  async #move(): Promise<void> {
    const { space } = this.#engine
    const boundary = space.pageCount - space.freePages
    space.pack()
    try {
      let key: Uint8Array | null = new Uint8Array(0)
      while (key !== null) {
        const from: Uint8Array = key
        key = await this.#turns.task(() => moveSome(this.#engine, from, boundary))
      }
      // Even if nothing was moved: what stands at the end may be the log.
      this.#isForced = true
      await this.run()
    } finally {
      space.unpack()
    }
  }

  async #runOnce(): Promise<void> {
    const engine = this.#engine
    if (isCheckpointed(engine) && !this.#syncs.isSuspicious && !this.#isForced) return
    this.#isForced = false
    for (
      let steps = 1 + engine.tree.sparse.length / SHRINK_STEP;
      steps > 0 || engine.tree.cutOff.length > 0;
      steps--
    ) {
      await this.#turns.task(() => shrink(engine.tree, SHRINK_STEP))
    }
    const frozen = await this.#turns.task(async () => {
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
    this.#syncs.forgive(frozen.failedSyncs)
    this.#retryAt = 0
    this.error = null
    await this.#turns.task(() => {
      complete(engine, frozen)
      return this.#trim(TRIM)
    })
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
