/// <reference lib="esnext.disposable" preserve="true" />
// The store as its users see it: arguments are checked here. Opening, suspending and closing is done in life.ts, the work by the
// engine, the writer and the iterators.

import {
  type Batch,
  checkKey,
  checkKeys,
  checkOperations,
  isEncoded,
  type Operation,
} from './commit/operations.js'
import type { Writer } from './commit/writer.js'
import { badArgument, KvError } from './errors.js'
import { inTurn, nextTurn } from './event-loop.js'
import { EntryIterator, type IteratorOptions } from './iterator.js'
import { Life } from './life.js'
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

/**
 * An ordered key-value store on any `random-access-storage`. It opens by itself when it is first used. Keys and values are bytes; keys
 * compare as unsigned bytes.
 */
export class RandomAccessKV {
  readonly #life: Life
  readonly #options: Options

  constructor(storage: StorageArgument, options: KvOptions = {}) {
    this.#options = checkOptions(options)
    const instance = typeof storage === 'function' ? storage(FILE_NAME) : storage
    if (typeof instance?.read !== 'function' || typeof instance.write !== 'function') {
      const right = 'a random-access-storage (with read and write), or a function that returns one'
      throw badArgument('storage', right, instance)
    }
    this.#life = new Life(new Disk(instance), this.#options)
  }

  /** Whether the store is open. */
  get opened(): boolean {
    return this.#life.opened !== null
  }

  /** Whether `close` has been called. */
  get closed(): boolean {
    return this.#life.isClosed
  }

  /** Opens the store. Every method does so by itself; call it to hear of errors early. */
  async ready(): Promise<void> {
    await this.#life.open()
  }

  /** The value of a key, or null. */
  get(key: Uint8Array): Promise<Uint8Array | null> {
    try {
      checkKey(key)
      const { now } = this.#life
      if (now === null) return this.#life.awake().then(({ engine }) => engine.reader.get(key))
      const value = now.engine.reader.get(key)
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
    const { now } = this.#life
    return now === null ? undefined : now.engine.reader.peek(key)
  }

  /** The values of keys, null for those that are not there, all from one state of the store. */
  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | null)[]> {
    checkKeys(keys)
    const { engine } = this.#life.now ?? (await this.#life.awake())
    return engine.reader.getMany(keys)
  }

  /**
   * Applies operations in their order, all or none. Resolved, they survive a crash of the process; when they survive a power
   * cut is decided by the option `sync`.
   */
  async batch(operations: readonly Operation[]): Promise<void> {
    if (this.#options.readOnly) throw new KvError('KV_READ_ONLY', 'The store was opened with readOnly')
    const batch = checkOperations(operations)
    if (this.#life.opened === null) return this.#life.onceOpen(({ writer }) => commit(writer, batch))
    const { writer } = this.#life.now ?? (await this.#life.awake())
    await commit(writer, batch)
    await nextTurn()
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
    const { opened } = this.#life
    return opened === null ? this.#life.onceOpen(({ engine }) => engine.view()) : opened.engine.view()
  }

  /** Makes every batch so far safe from a power cut. */
  async sync(): Promise<void> {
    const { writer } = await this.#life.awake()
    if (!this.#options.readOnly) await writer.sync()
  }

  /** Writes what the log holds into the tree, and starts the log anew. Runs by itself when the log is full, and on close. */
  async checkpoint(): Promise<void> {
    const { writer } = await this.#life.awake()
    if (!this.#options.readOnly) await writer.checkpointer.run()
  }

  /**
   * Writes a checkpoint and gives free space back: if at least a quarter of the file is free, what stands at its end is moved to
   * the front. Commits may go on meanwhile. What an open snapshot or iterator sees stays where it is.
   */
  async compact(): Promise<void> {
    const { writer } = await this.#life.awake()
    if (!this.#options.readOnly) await writer.compact()
  }

  /** Reads everything and checks it: order, checksums, that every page is used once or free. Commits may go on meanwhile. */
  async verify(): Promise<VerifyReport> {
    const { engine, writer } = await this.#life.awake()
    return verify(engine, writer)
  }

  /** Sizes, cache hits, and what failed. */
  async stats(): Promise<Stats> {
    const { engine, writer } = await this.#life.awake()
    const { space, pins, pager, backlog, meta, pageSize, views, memtableBytes } = engine
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
      checkpointError: writer.checkpointer.error,
    }
  }

  /**
   * Finishes what is under way, writes a checkpoint and lets go of the storage, lock included. What is called until `resume`
   * waits; `close` ends it with `KV_CLOSED`. If it fails, the store goes on as before. Calling it twice is fine.
   */
  suspend(): Promise<void> {
    return this.#life.suspend()
  }

  /**
   * Goes on after `suspend`. `KV_REOPEN` if another process has written to the store meanwhile, `KV_CLOSED` if the store is closed.
   */
  resume(): Promise<void> {
    return this.#life.resume()
  }

  /**
   * Finishes what is under way, writes a checkpoint and closes the storage. Batches are finished even if the store is still
   * opening; what else waits for it to open or resume, and reads that go on for long, end with `KV_CLOSED`. Calling it twice is fine.
   */
  close(): Promise<void> {
    return this.#life.close()
  }

  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

function commit(writer: Writer, batch: Batch): Maybe<void> {
  return isEncoded(batch) || batch.length > 0 ? writer.commit(batch) : undefined
}
