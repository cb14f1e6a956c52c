// What is there since the last checkpoint, and so what the next one takes away: bytes of log and of large values, changed pages, failed
// syncs, refused records. Whether a checkpoint has something to do, is due, or must be waited for is decided here only.

import type { Memtable } from '../memtable/memtable.js'
import type { Options } from '../options.js'
import type { Disk } from '../storage/disk.js'
import type { Maybe } from '../storage/storage.js'
import type { Pager } from '../tree/pager.js'
import type { Unsynced } from './unsynced.js'

/** A checkpoint is due at this much of a limit. */
const DUE = 1
/** Batches wait for a checkpoint at this much of a limit while one is being written, and while none is. */
const FULL_WHILE_RUNNING = 2
const FULL = 4
/** A checkpoint that failed is tried again after this part of the log's limit. */
const RETRY = 1 / 4
/** Large values count as much as an eighth of their size in the log: they are written once. */
const VALUE_WEIGHT = 1 / 8

/**
 * Bytes that were written to their place and that no sync has made safe: at half of them a sync is due; at all of them a checkpoint is,
 * and one under way waits.
 */
const UNSYNCED = 16 << 20
/** A memtable may take this many times the log's limit of memory: small entries take more than in the log. */
const MEMTABLE_WEIGHT = 4
/** A memtable may always take so many bytes. */
const LEAST_MEMTABLE = 1 << 20

/** What a checkpoint found, and takes away once it is durable. */
export interface Portion {
  readonly logBytes: number
  readonly valueBytes: number
  readonly failedSyncs: number
  readonly erasures: number
}

/** What of a store is in memory only. */
export interface Store {
  readonly pager: Pager
  readonly recent: Memtable
  readonly unsynced: Unsynced
}

export class Backlog {
  readonly unsynced: Unsynced
  #logBytes = 0
  #valueBytes = 0
  /** Failed syncs that a checkpoint has made up for. */
  #forgiven: number
  /** Failed syncs that came before all that waits for a sync was written again. */
  #rewritten: number
  /** A sync of the log has failed: what it holds may be lost, so that no batch may follow there. */
  #isLogDoubtful = false
  #hasRefused = false
  /** How often refused records were erased, and how many of these erasures are safe. */
  #erasures = 0
  #safeErasures = 0
  #isForced = false
  /** After a failed checkpoint, the size of the log at which to try again. */
  #retryAt = 0
  readonly #options: Options
  readonly #store: Store
  readonly #disk: Disk
  #syncing: Promise<void> | null = null
  /** What the checkpoint under way will take away. */
  #begun: Portion | null = null

  constructor(options: Options, store: Store, disk: Disk) {
    this.#options = options
    this.#store = store
    this.unsynced = store.unsynced
    this.#disk = disk
    this.#forgiven = disk.failedSyncs
    this.#rewritten = disk.failedSyncs
  }

  /** Bytes of batches in the log. */
  get logBytes(): number {
    return this.#logBytes
  }

  /** Batches were committed. */
  add(logBytes: number, valueBytes: number): void {
    this.#logBytes += logBytes
    this.#valueBytes += valueBytes
  }

  /** Something was written to the log: it is written again should a sync fail. */
  keepLog(offset: number, data: Uint8Array): void {
    if (this.#disk.canSync) this.unsynced.addLog(offset, data)
  }

  /** The log may hold records behind its end that were refused. */
  refused(): void {
    this.#hasRefused = true
  }

  /** The log holds no refused records any longer. After a power cut it may, until a sync. */
  erased(): void {
    if (this.#hasRefused) this.#erasures++
    this.#hasRefused = false
  }

  /** Whether a power cut could bring back a refused record that was erased. */
  get isErasureUnsafe(): boolean {
    return this.#erasures !== this.#safeErasures
  }

  /** A sync of the log has failed. */
  doubtLog(): void {
    this.#isLogDoubtful = true
  }

  /** The next checkpoint is written although there is nothing new. */
  force(): void {
    this.#isForced = true
  }

  /** Whether a sync has failed and no checkpoint has made up for it: what was written before may be lost, whatever a later sync says. */
  get isSuspicious(): boolean {
    return this.#disk.failedSyncs !== this.#forgiven
  }

  /** Whether a sync is due although no batch needs one, so that what is kept until then is bounded. */
  get isSyncDue(): boolean {
    return this.unsynced.bytes > UNSYNCED / 2 && !this.isSuspicious
  }

  /** Makes everything written so far safe from a power cut. */
  async sync(): Promise<void> {
    const { last } = this.unsynced
    const erasures = this.#erasures
    await this.#disk.sync()
    if (this.isSuspicious) throw this.#disk.syncError
    this.unsynced.safe(last)
    this.#safeErasures = Math.max(this.#safeErasures, erasures)
  }

  /** Whether a sync has failed since all that waits for one was written: it may be forgotten, and no later sync makes it safe. */
  get #mayBeForgotten(): boolean {
    return this.#disk.failedSyncs !== Math.max(this.#forgiven, this.#rewritten)
  }

  /** Whether `syncSome` waits for `rewrite`. */
  get mustRewrite(): boolean {
    return this.#mayBeForgotten && this.#syncing === null && this.unsynced.bytes > UNSYNCED / 2
  }

  /** Writes again what a failed sync may have forgotten. Nothing else may be writing meanwhile. */
  async rewrite(): Promise<void> {
    const { failedSyncs } = this.#disk
    await this.unsynced.rewrite(this.#disk)
    this.#rewritten = failedSyncs
  }

  /** Like `sync`, if much waits for one. Waits for it only if too much does. */
  syncSome(): Maybe<void> {
    if (this.unsynced.bytes <= UNSYNCED / 2) return undefined
    if (this.#syncing === null) {
      if (this.#mayBeForgotten) return undefined
      this.#syncing = this.#syncAgain().finally(() => {
        this.#syncing = null
      })
      // A failure is not lost: what was to be made safe still waits, and is written again.
      this.#syncing.catch(() => {})
    }
    return this.unsynced.bytes > UNSYNCED ? this.#syncing : undefined
  }

  async #syncAgain(): Promise<void> {
    const { last } = this.unsynced
    const failures = this.#disk.failedSyncs
    await this.#disk.sync()
    if (this.#disk.failedSyncs !== failures) throw this.#disk.syncError
    this.unsynced.safe(last)
  }

  /** Whether the storage already holds everything in the tree, and nothing else. */
  get isEmpty(): boolean {
    return (
      this.#logBytes === 0 &&
      this.#valueBytes === 0 &&
      this.#store.pager.dirty.size === 0 &&
      this.unsynced.bytes === 0 &&
      !this.isSuspicious &&
      !this.#isLogDoubtful &&
      !this.#hasRefused &&
      !this.isErasureUnsafe &&
      !this.#isForced
    )
  }

  /** Whether it is time for a checkpoint. Never if there is nothing to do. */
  get isDue(): boolean {
    return (this.#fill > DUE || this.isSuspicious) && this.#logBytes >= this.#retryAt
  }

  /** Whether batches wait for a checkpoint, so that log and memory are bounded. Never if there is nothing to do. */
  mustWait(isRunning: boolean): boolean {
    if (this.#isLogDoubtful || (this.isSuspicious && this.#options.sync === 'always')) return true
    return this.#fill > (isRunning ? FULL_WHILE_RUNNING : FULL)
  }

  /** How full log and memory are, as a part of their limits. */
  get #fill(): number {
    return Math.max(this.recently, this.unsynced.bytes / UNSYNCED)
  }

  /** What was committed since the checkpoint under way began, or the last one, as a part of the limits. */
  get recently(): number {
    const { logSize } = this.#options
    return Math.max(
      (this.#logBytes - (this.#begun?.logBytes ?? 0)) / logSize,
      ((this.#valueBytes - (this.#begun?.valueBytes ?? 0)) * VALUE_WEIGHT) / logSize,
      this.#store.recent.bytes / Math.max(MEMTABLE_WEIGHT * logSize, LEAST_MEMTABLE),
    )
  }

  /** What a part of a checkpoint takes away. */
  get nothing(): Portion {
    return { logBytes: 0, valueBytes: 0, failedSyncs: this.#disk.failedSyncs, erasures: 0 }
  }

  /** A checkpoint begins. Returns what it will take away. */
  begin(): Portion {
    this.#isForced = false
    this.#begun = {
      logBytes: this.#logBytes,
      valueBytes: this.#valueBytes,
      failedSyncs: this.#disk.failedSyncs,
      erasures: this.#erasures,
    }
    return this.#begun
  }

  /** The checkpoint under way has come to nothing. */
  abandon(): void {
    this.#begun = null
  }

  /** A checkpoint is durable. */
  remove({ logBytes, valueBytes, failedSyncs, erasures }: Portion): void {
    this.#begun = null
    this.#logBytes -= logBytes
    this.#valueBytes -= valueBytes
    this.#forgiven = failedSyncs
    this.#safeErasures = Math.max(this.#safeErasures, erasures)
    if (!this.isSuspicious) this.#isLogDoubtful = false
    this.#retryAt = 0
  }

  /** A checkpoint has failed: the next one comes later by itself, or when it is asked for. */
  postpone(): void {
    this.#retryAt = this.#logBytes + this.#options.logSize * RETRY
  }
}
