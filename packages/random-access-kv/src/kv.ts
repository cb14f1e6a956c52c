/// <reference lib="esnext.disposable" preserve="true" />
// The public store. It checks arguments. life.ts opens, suspends and closes; the engine, the writer and the iterators do the work.

import { copyOf } from './bytes/bytes.js'
import {
  type Batch,
  checkKey,
  checkOperations,
  copyKeys,
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
 * Where a store keeps its data: a `random-access-storage`, or a function that returns one (it is called with the name `store.kv`). Only
 * one store may use a storage at a time. A `random-access-file` needs the option `lock: true`: without it, two stores on one file
 * destroy it.
 */
export type StorageArgument = RandomAccessStorage | ((name: string) => RandomAccessStorage)

/** Statistics about an open store. Sizes are in bytes. */
export interface Stats {
  readonly pageSize: number
  /** The size of the file, free pages included. */
  readonly fileBytes: number
  /** The part of `fileBytes` that is free, or will be free when no snapshot and no checkpoint uses it. */
  readonly freeBytes: number
  /** The size of the log since the last checkpoint. */
  readonly logBytes: number
  /** Memory for pages and memtables. */
  readonly cacheBytes: number
  /** The part of `cacheBytes` that no checkpoint has written yet: changed pages and memtables. */
  readonly dirtyBytes: number
  readonly cacheHits: number
  readonly cacheMisses: number
  /** How many different states the open snapshots and iterators see. */
  readonly snapshots: number
  /** How many checkpoints there have been since the store was created. */
  readonly checkpoints: number
  /** The error of the last automatic checkpoint, or null if it succeeded. A failed checkpoint is retried, and no data is lost. */
  readonly checkpointError: unknown
}

/**
 * An ordered key-value store on any `random-access-storage`. It opens automatically when it is first used. Keys and values are bytes;
 * keys compare as unsigned bytes.
 *
 * Methods reject with a `KvError`: `KV_CLOSED` once the store is closed, `KV_BAD_ARGUMENT` for an invalid argument, `KV_DAMAGED` if the
 * storage does not hold what was written. If opening fails, they reject with that error. Errors of the storage pass through.
 */
export class RandomAccessKV {
  readonly #life: Life
  readonly #options: Options

  /** @throws KvError `KV_BAD_ARGUMENT` if `storage` is not a storage, or if an option is invalid */
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

  /** Opens the store. Every other method opens it automatically; call this to get errors of opening early. */
  async ready(): Promise<void> {
    await this.#life.open()
  }

  /** Resolves with the value of a key, or with null if the key does not exist. */
  get(key: Uint8Array): Promise<Uint8Array | null> {
    try {
      checkKey(key)
      const { now } = this.#life
      if (now === null) {
        const own = copyOf(key)
        return this.#life.awake().then(({ engine }) => engine.reader.get(own))
      }
      const value = now.engine.reader.get(key)
      return value instanceof Promise ? value.then(inTurn) : inTurn(value)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /**
   * Returns the value of a key from memory, or null if the key does not exist. Returns undefined if I/O would be needed: a page is not
   * cached, the value is large, or the store is not open. Then call `get`.
   *
   * @throws KvError `KV_BAD_ARGUMENT` if the key is invalid
   */
  tryGet(key: Uint8Array): Uint8Array | null | undefined {
    checkKey(key)
    const { now } = this.#life
    return now === null ? undefined : now.engine.reader.peek(key)
  }

  /** Resolves with the values of keys, all from one state of the store. The value of a key that does not exist is null. */
  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | null)[]> {
    const own = copyKeys(keys)
    const { engine } = this.#life.now ?? (await this.#life.awake())
    return engine.reader.getMany(own)
  }

  /**
   * Applies operations in their order, all or none. When the promise resolves, they survive a crash of the process. The option `sync`
   * decides when they survive a power cut. A batch has at most 2 GiB (2,147,483,647 bytes).
   *
   * Rejects with `KV_READ_ONLY`, with `KV_BAD_ARGUMENT` if an operation is invalid or the batch is too large, and with `KV_FULL`. Then
   * none of the operations is applied.
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

  /**
   * Returns an iterator over the entries of a range in the order of their keys, as they are at the time of the call. If the store is not
   * open yet, the iterator sees the store as it is when it opens.
   *
   * @throws KvError `KV_BAD_ARGUMENT` if an option is invalid
   */
  iterator(options: IteratorOptions = {}): EntryIterator {
    return new EntryIterator(options, () => this.#view())
  }

  /** Returns a snapshot of the store as it is now. If the store is not open yet, the snapshot sees the store as it is when it opens. */
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
    await nextTurn()
  }

  /**
   * Writes the content of the log into the tree, and starts a new log. A checkpoint also runs automatically when the log is full and when
   * the store closes. Does nothing with `readOnly`.
   */
  async checkpoint(): Promise<void> {
    const { writer } = await this.#life.awake()
    if (!this.#options.readOnly) await writer.checkpointer.run()
  }

  /**
   * Writes a checkpoint and shrinks the file: if at least a quarter of it is free, the pages at its end are moved to the front. Pages
   * that an open snapshot or iterator uses are not moved. Commits may continue meanwhile. Does nothing with `readOnly`.
   */
  async compact(): Promise<void> {
    const { writer } = await this.#life.awake()
    if (!this.#options.readOnly) await writer.compact()
  }

  /**
   * Reads everything and checks it: order, checksums, and that every page is either used exactly once or free. Resolves with a report:
   * damage is listed in its `problems`. Commits may continue meanwhile.
   */
  async verify(): Promise<VerifyReport> {
    const { engine, writer } = await this.#life.awake()
    return verify(engine, writer)
  }

  /** Resolves with statistics about the store. */
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
   * Waits for running calls, writes a checkpoint, and releases the storage and its lock. Calls that need the storage wait for `resume`; if
   * the store is closed instead, they reject with `KV_CLOSED`. If `suspend` rejects, the store stays open. But if the storage cannot be
   * opened again then, the store waits for `resume`. A second call has no effect.
   */
  suspend(): Promise<void> {
    return this.#life.suspend()
  }

  /**
   * Continues after `suspend`. Rejects with `KV_REOPEN` if another store wrote to the file meanwhile, and with `KV_CLOSED` if the store is
   * closed.
   */
  resume(): Promise<void> {
    return this.#life.resume()
  }

  /**
   * Waits for batches, writes a checkpoint and closes the storage. Batches are finished even if the store is still opening. Other calls
   * that wait for the store to open or resume, and reads that take long, reject with `KV_CLOSED`. A second call has no effect.
   */
  close(): Promise<void> {
    return this.#life.close()
  }

  /** Closes the store, as `close` does. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

function commit(writer: Writer, batch: Batch): Maybe<void> {
  return isEncoded(batch) || batch.length > 0 ? writer.commit(batch) : undefined
}
