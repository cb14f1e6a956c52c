/// <reference lib="esnext.disposable" preserve="true" />
// The store as its users see it: opening and closing, argument checks, and what waits while it is opening or suspended. The
// work is done by the engine, the writer and the iterators.

import { readMeta } from './checkpoint/meta.js'
import {
  type Batch,
  checkKey,
  checkKeys,
  checkOperations,
  isEncoded,
  type Operation,
} from './commit/operations.js'
import { Writer } from './commit/writer.js'
import { Engine } from './engine.js'
import { badArgument, KvError } from './errors.js'
import { inTurn, nextTurn } from './event-loop.js'
import { EntryIterator, type IteratorOptions } from './iterator.js'
import type { View } from './memtable/view.js'
import { checkOptions, type KvOptions, type Options } from './options.js'
import { Snapshot } from './snapshot.js'
import { Disk } from './storage/disk.js'
import type { Maybe, RandomAccessStorage } from './storage/storage.js'
import { type VerifyReport, verify } from './verify.js'

/** The name that a storage function is called with. */
export const FILE_NAME = 'store.kv'

/**
 * Where a store lives: one `random-access-storage`, or a function that gives it by name (it is called with `store.kv`). One store at a
 * time: a `random-access-file` needs the option `lock: true` to refuse another one on the same file.
 */
export type StorageArgument = RandomAccessStorage | ((name: string) => RandomAccessStorage)

/** Numbers about an open store. Sizes are in bytes. */
export interface Stats {
  readonly pageSize: number
  /** The size of the file, free pages included. */
  readonly fileBytes: number
  /** What of it is free, or will be once no snapshot and no checkpoint needs it. */
  readonly freeBytes: number
  /** Log since the last checkpoint. */
  readonly logBytes: number
  /** Pages in memory, dirty ones included. */
  readonly cacheBytes: number
  /** Pages in memory that no checkpoint has written yet. */
  readonly dirtyBytes: number
  readonly cacheHits: number
  readonly cacheMisses: number
  /** Open snapshots and iterators, those that see the same state counted once. */
  readonly snapshots: number
  /** Checkpoints since the store was made. */
  readonly checkpoints: number
  /** Why the last checkpoint that ran by itself failed; null if it did not. It is tried again, and nothing is lost. */
  readonly checkpointError: unknown
}

export class RandomAccessKV {
  readonly #disk: Disk
  readonly #options: Options
  #engine: Engine | null = null
  #writer: Writer | null = null
  #opening: Promise<Engine> | null = null
  #closing: Promise<void> | null = null
  #suspending: Promise<void> | null = null
  #resuming: Promise<void> | null = null
  #wake: ((error: unknown) => void) | null = null
  /** What begins when the store opens, in the order of the calls. */
  #early: ((engine: Engine) => void)[] = []

  constructor(storage: StorageArgument, options: KvOptions = {}) {
    this.#options = checkOptions(options)
    const instance = typeof storage === 'function' ? storage(FILE_NAME) : storage
    if (typeof instance?.read !== 'function' || typeof instance.write !== 'function') {
      const right = 'a random-access-storage (with read and write), or a function that returns one'
      throw badArgument('storage', right, instance)
    }
    this.#disk = new Disk(instance)
  }

  /** Whether the store is open. */
  get opened(): boolean {
    return this.#engine !== null && this.#closing === null
  }

  /** Whether `close` has been called. */
  get closed(): boolean {
    return this.#closing !== null
  }

  /** Opens the store. Every method does so by itself; call it to hear of errors early. */
  async ready(): Promise<void> {
    await this.#open()
  }

  #open(): Promise<Engine> {
    if (this.#closing !== null) return Promise.reject(closed())
    this.#opening ??= this.#openOnce().catch((error: unknown) => {
      // A failed open is not remembered.
      this.#opening = null
      this.#early = []
      throw error
    })
    return this.#opening
  }

  async #openOnce(): Promise<Engine> {
    await this.#disk.open()
    try {
      const engine = await Engine.open(this.#disk, this.#options)
      this.#writer = new Writer(engine)
      if (engine.meta.salt === null && !this.#options.readOnly) await this.#writer.upgrade()
      this.#engine = engine
      for (const begin of this.#early.splice(0)) begin(engine)
      return engine
    } catch (error) {
      await this.#disk.close().catch(() => {})
      throw error
    }
  }

  /** Begins something when the store opens: before all that is called later, and in time for `close`. */
  #onceOpen<T>(begin: (engine: Engine) => Maybe<T>): Promise<T> {
    if (this.#closing !== null) return Promise.reject(closed())
    return new Promise((resolve, reject) => {
      this.#early.push((engine) => resolve(begin(engine)))
      this.#open().catch(reject)
    })
  }

  /** The engine, once it is open and not suspended. */
  async #awake(): Promise<Engine> {
    const engine = await this.#open()
    await engine.awake()
    if (this.#closing !== null) throw closed()
    return engine
  }

  /** The engine if it can be used without waiting. */
  get #now(): Engine | null {
    return this.#closing === null && this.#engine?.resumed === null ? this.#engine : null
  }

  /** The value of a key, or null. */
  get(key: Uint8Array): Promise<Uint8Array | null> {
    try {
      checkKey(key)
      const engine = this.#now
      if (engine === null) return this.#awake().then((late) => late.get(key))
      const value = engine.get(key)
      return value instanceof Promise ? value : inTurn(value)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /**
   * The value of a key, or null, at once and without any I/O. Undefined if that is not possible: a page is not cached, the
   * value is large, or the store is not open. Then call `get`.
   */
  tryGet(key: Uint8Array): Uint8Array | null | undefined {
    checkKey(key)
    const engine = this.#now
    return engine === null ? undefined : engine.peek(key)
  }

  /** The values of keys, null for those that are not there, all from one state of the store. */
  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | null)[]> {
    checkKeys(keys)
    const engine = this.#now ?? (await this.#awake())
    return engine.getMany(keys)
  }

  /**
   * Applies operations in their order, all or none. Resolved, they survive a crash of the process; when they survive a power
   * cut is decided by the option `sync`.
   */
  async batch(operations: readonly Operation[]): Promise<void> {
    if (this.#options.readOnly) throw new KvError('KV_READ_ONLY', 'The store was opened with readOnly')
    const batch = checkOperations(operations)
    if (this.#engine === null) return this.#onceOpen(() => this.#commit(batch))
    if (this.#now === null) await this.#awake()
    await this.#commit(batch)
    await nextTurn()
  }

  #commit(batch: Batch): Maybe<void> {
    return isEncoded(batch) || batch.length > 0 ? this.#writer?.commit(batch) : undefined
  }

  /** Stores one value. */
  put(key: Uint8Array, value: Uint8Array): Promise<void> {
    return this.batch([{ type: 'put', key, value }])
  }

  /** Removes one key. */
  del(key: Uint8Array): Promise<void> {
    return this.batch([{ type: 'del', key }])
  }

  /** The entries of a range, as they are now, in order. If the store is not open yet, as it is found. */
  iterator(options: IteratorOptions = {}): EntryIterator {
    return new EntryIterator(options, () => this.#view())
  }

  /** The store as it is now, for as long as the snapshot is open. If the store is not open yet, as it is found. */
  snapshot(): Snapshot {
    return new Snapshot(this.#view())
  }

  #view(): Maybe<View> {
    // Nothing is read for it: a store that is suspended can be pinned, too.
    if (this.#engine !== null && this.#closing === null) return this.#engine.view()
    return this.#onceOpen((engine) => engine.view())
  }

  /** Makes every batch so far safe from a power cut. */
  async sync(): Promise<void> {
    await this.#awake()
    if (!this.#options.readOnly) await this.#writer?.sync()
  }

  /** Writes what the log holds into the tree, and starts the log anew. Runs by itself when the log is full, and on close. */
  async checkpoint(): Promise<void> {
    await this.#awake()
    if (!this.#options.readOnly) await this.#writer?.checkpointer.run()
  }

  /**
   * Writes a checkpoint and gives free space back: if at least a quarter of the file is free, what stands at its end is moved to
   * the front. Commits may go on meanwhile. What an open snapshot or iterator sees stays where it is.
   */
  async compact(): Promise<void> {
    await this.#awake()
    if (!this.#options.readOnly) await this.#writer?.compact()
  }

  /** Reads everything and checks it: order, checksums, that every page is used once or free. Commits may go on meanwhile. */
  async verify(): Promise<VerifyReport> {
    const engine = await this.#awake()
    return verify(engine, this.#writer as Writer)
  }

  async stats(): Promise<Stats> {
    const { space, pins, pager, backlog, meta, pageSize, views, memtableBytes } = await this.#awake()
    let freePages = space.freePages
    for (const extent of pins.waiting()) freePages += extent.count
    return {
      pageSize,
      fileBytes: space.pageCount * pageSize,
      freeBytes: freePages * pageSize,
      logBytes: backlog.logBytes,
      cacheBytes: pager.bytes + memtableBytes,
      dirtyBytes: pager.dirtyBytes + memtableBytes,
      cacheHits: pager.hits,
      cacheMisses: pager.misses,
      snapshots: views.size,
      checkpoints: meta.generation - 1,
      checkpointError: this.#writer?.checkpointer.error ?? null,
    }
  }

  /**
   * Finishes what is under way, writes a checkpoint and lets go of the storage, lock included. What is called until `resume`
   * waits; `close` ends it with `KV_CLOSED`. If it fails, the store goes on as before. Calling it twice is fine.
   */
  suspend(): Promise<void> {
    this.#suspending ??= this.#suspendOnce().catch((error: unknown) => {
      this.#suspending = null
      throw error
    })
    return this.#suspending
  }

  async #suspendOnce(): Promise<void> {
    const engine = await this.#awake()
    engine.resumed = new Promise((resolve, reject) => {
      this.#wake = (error) => (error === undefined ? resolve() : reject(error))
    })
    engine.resumed.catch(() => {})
    try {
      if (!this.#options.readOnly) await this.#writer?.settle()
      await engine.log.rest()
    } catch (error) {
      this.#goOn()
      throw error
    }
    try {
      await this.#disk.suspend(engine.resumed)
    } catch (error) {
      // Whether the storage was let go of is not known. If it cannot be had back now, the store waits for `resume`.
      await this.#reopen().catch(() => {})
      throw error
    }
  }

  /**
   * Goes on after `suspend`. `KV_REOPEN` if another process has written to the store meanwhile, `KV_CLOSED` if the store is closed.
   */
  resume(): Promise<void> {
    this.#resuming ??= this.#resumeOnce().finally(() => {
      this.#resuming = null
    })
    return this.#resuming
  }

  async #resumeOnce(): Promise<void> {
    await this.#suspending?.catch(() => {})
    if (this.#closing !== null) throw closed()
    if (this.#wake !== null) await this.#reopen()
  }

  async #reopen(): Promise<void> {
    const engine = this.#engine as Engine
    await this.#disk.open()
    const meta = await readMeta(this.#disk)
    if (meta?.generation !== engine.meta.generation || !(await engine.log.isUntouched())) {
      throw new KvError(
        'KV_REOPEN',
        `${this.#disk.name} was changed while it was suspended: close it and open it again`,
      )
    }
    if (!this.#options.readOnly) await this.#disk.measure()
    this.#goOn()
  }

  /** What has waited since `suspend` goes on. */
  #goOn(): void {
    const wake = this.#wake
    this.#suspending = null
    this.#wake = null
    if (this.#engine !== null) this.#engine.resumed = null
    wake?.(undefined)
  }

  /**
   * Finishes what is under way, writes a checkpoint and closes the storage. Batches are finished even if the store is still
   * opening; what else waits for it to open or resume, and reads that go on for long, end with `KV_CLOSED`. Calling it twice is fine.
   */
  close(): Promise<void> {
    this.#closing ??= this.#closeOnce()
    return this.#closing
  }

  async #closeOnce(): Promise<void> {
    const engine = await this.#opening?.catch(() => null)
    await this.#suspending?.catch(() => {})
    await this.#resuming?.catch(() => {})
    const wasSuspended = this.#wake !== null
    this.#wake?.(new KvError('KV_CLOSED', 'The store was closed while it was suspended'))
    if (!engine) {
      // A storage that was never used is let go of all the same.
      await this.#disk.close()
      return
    }
    try {
      if (!wasSuspended) await this.#writer?.close()
    } finally {
      engine.isClosed = true
      await this.#disk.close()
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

function closed(): KvError {
  return new KvError('KV_CLOSED', 'The store is closed')
}
