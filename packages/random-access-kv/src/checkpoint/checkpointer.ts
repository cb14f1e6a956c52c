// When checkpoints run, and what comes with them: merging sparse nodes before, giving space back after. How one is written is in
// checkpoint.ts.

import type { Turns } from '../commit/turns.js'
import type { Engine } from '../engine.js'
import { anotherTurn, nextTurn } from '../event-loop.js'
import { mergeSparse } from '../tree/merge.js'
import {
  abandon,
  begin,
  complete,
  type Frozen,
  flip,
  freeze,
  type Start,
  suspect,
  writeFrozen,
} from './checkpoint.js'
import { giveEndBack, isWorthMoving, type Measure, moveSome, WORTH_GIVING } from './compact.js'
import { Flush } from './flush.js'

/** Nodes merged or freed before commits get their turn again. */
const MERGE_STEP = 64
/** Changes flushed before commits get their turn again. */
const FLUSH_STEP = 64
/**
 * What is committed while a flush runs, as a part of the limits, is to be less than this when it ends. Under load the next checkpoint then has
 * as much to bring into the tree, and more of it goes to each leaf. More than 1 makes commits cheaper and leaves a longer log to a kill:
 * with 1,000,000 entries at random keys, 4/3 took a third less time for each commit than 2/3 did, and a quarter more to open.
 */
const LATEST = 4 / 3
/** Commits may be so far ahead of the flush, as a part of it: then they wait. */
const SLACK = 1 / 50
/** A part of a checkpoint is made durable when this part of the file was written, and at least so many bytes: it takes an extent of log. */
const PART = 1 / 8
const LEAST_PART = 1 << 20
/** Moving takes two rounds where what was moved first had to make room for what comes last. */
const MOVE_ROUNDS = 2

export class Checkpointer {
  /** The error of the last automatic checkpoint. */
  error: unknown = null
  readonly #engine: Engine
  readonly #turns: Turns
  #running: Promise<void> | null = null
  #queued: Promise<void> | null = null
  /** The checkpoint under way, until its tree is frozen; one whose flush has failed is taken up again. */
  #start: Start | null = null
  #flush: Flush | null = null
  /** The part that is being made durable; the flush continues meanwhile. */
  #part: Promise<void> | null = null
  /** Why a part was not made durable. */
  #partError: unknown = null
  /** What the flush had written when its last part was made durable. */
  #writtenBefore = 0
  #compacting: Promise<void> = Promise.resolve()
  #compactions = 0

  constructor(engine: Engine, turns: Turns) {
    this.#engine = engine
    this.#turns = turns
  }

  get isRunning(): boolean {
    return this.#running !== null
  }

  /** By how much commits are ahead of the flush, as a part of it: it keeps pace with them, so that none of them waits for long. */
  get #lag(): number {
    return this.#engine.backlog.recently / LATEST - (this.#flush?.progress ?? 1)
  }

  /** Whether commits are to wait for the flush under way. */
  get isBehind(): boolean {
    return this.isRunning && this.#flush !== null && this.#lag > SLACK
  }

  /** Whether anything is being written or moved, or waits for its turn to be. */
  get isBusy(): boolean {
    return this.#running !== null || this.#queued !== null || this.#compactions > 0
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
    const { backlog } = this.#engine
    if (this.#running !== null || !backlog.isDue) return
    this.run().catch((error: unknown) => {
      // Tried again later, and by `checkpoint` and `close`, which report it. Batches wait for it when too much has come together.
      this.error = error
      backlog.postpone()
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
    const { disk } = this.#engine
    await this.run()
    for (let round = 0; disk.canTruncate; round++) {
      await this.#turns.task(() => giveEndBack(this.#engine, 0))
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
        await nextTurn()
        if (this.#engine.backlog.isSyncDue) await this.#engine.backlog.sync()
      }
      // Even if nothing was moved: what stands at the end may be the log.
      this.#engine.backlog.force()
      await this.run()
    } finally {
      space.unpack()
    }
  }

  /** Brings what was committed before the start into the tree. Commits that come meanwhile take turns with its steps. */
  async #flushAll(): Promise<void> {
    const engine = this.#engine
    if (engine.frozen === null) return
    this.#flush ??= new Flush(engine, engine.frozen)
    const flush = this.#flush
    this.#partError = null
    try {
      while (!flush.isDone && this.#partError === null) {
        await this.#turns.task(() => flush.step(FLUSH_STEP))
        if (engine.backlog.mustRewrite) await this.#rewrite()
        await engine.backlog.syncSome()
        if (this.#isPartDue) this.#startPart(await this.#freeze(null), flush.written)
        // With time to spare, commits come first.
        await (this.#lag > 0 ? nextTurn() : anotherTurn())
      }
    } finally {
      await this.#part
    }
    const error = this.#partError
    this.#partError = null
    if (error !== null) throw error
    this.#flush = null
    this.#writtenBefore = 0
    engine.tree.nodes.leaves = null
    engine.frozen = null
  }

  #startPart(frozen: Frozen, written: number): void {
    this.#writtenBefore = written
    this.#part = this.#finish(frozen)
      .catch((error: unknown) => {
        this.#partError = error
      })
      .finally(() => {
        this.#part = null
      })
  }

  /** Writes again what a failed sync may have forgotten. Nothing else is written meanwhile: a page could be used for something else. */
  #rewrite(): Promise<void> {
    return this.#turns.task(() => this.#engine.backlog.rewrite())
  }

  /** Whether so much was written that it is worth making it durable: what it replaced becomes free, and the file need not grow. */
  get #isPartDue(): boolean {
    const { space, pageSize, frozen, backlog, options, meta } = this.#engine
    // The log goes on, which a format before this one does not allow.
    if (this.#part !== null || frozen?.hasReferences || backlog.isSuspicious || meta.salt === null)
      return false
    const written = (this.#flush?.written ?? 0) - this.#writtenBefore
    return written > Math.max(LEAST_PART / pageSize, options.logSize / pageSize, space.pageCount * PART)
  }

  async #runOnce(): Promise<void> {
    const engine = this.#engine
    if (engine.backlog.isEmpty) return
    this.#start ??= await this.#turns.task(() => begin(engine))
    const start = this.#start
    await this.#flushAll()
    const frozen = await this.#freeze(start)
    this.#start = null
    try {
      await this.#finish(frozen)
    } catch (error) {
      engine.backlog.abandon()
      throw error
    }
  }

  async #freeze(start: Start | null): Promise<Frozen> {
    const engine = this.#engine
    const { sparse, detached } = engine.tree.leftovers
    for (let steps = 1 + sparse.length / MERGE_STEP; steps > 0 || detached.length > 0; steps--) {
      await this.#turns.task(() => mergeSparse(engine.tree, MERGE_STEP))
      await nextTurn()
    }
    return this.#turns.task(async () => {
      await mergeSparse(engine.tree, Number.POSITIVE_INFINITY)
      return freeze(engine, start)
    })
  }

  async #finish(frozen: Frozen): Promise<void> {
    const engine = this.#engine
    try {
      if (engine.backlog.isSuspicious) await this.#rewrite()
      await writeFrozen(engine, frozen)
    } catch (error) {
      abandon(engine, frozen)
      throw error
    }
    try {
      await flip(engine, frozen)
    } catch (error) {
      suspect(engine, frozen)
      engine.backlog.force()
      throw error
    }
    this.error = null
    await this.#turns.task(() => {
      complete(engine, frozen)
      return this.#giveEndBack()
    })
  }

  /** After a checkpoint, the end of the file is given back if that makes it smaller by a quarter. */
  async #giveEndBack(): Promise<void> {
    const { space } = this.#engine
    if (space.freeAtEnd < space.pageCount / 4) return
    try {
      await giveEndBack(this.#engine, WORTH_GIVING)
    } catch {
      // The checkpoint is durable. The file is too large until the next one.
    }
  }
}
