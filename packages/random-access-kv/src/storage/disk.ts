// The adapter over the caller's storage. Everything else in this package does I/O through `Disk` only.

import b4a from 'b4a'
import { KvError } from '../errors.js'
import { call } from './call.js'
import { Growth } from './growth.js'
import type { Maybe, RandomAccessStorage } from './storage.js'

type Callback<T = void> = (error: Error | null, result: T) => void

interface Platform {
  process?: {
    getBuiltinModule?: (id: string) => { fdatasync?: (fd: number, callback: Callback) => void } | undefined
  }
}

const syncDescriptor = (globalThis as Platform).process?.getBuiltinModule?.('node:fs')?.fdatasync

/** The fields of an error. A storage may throw anything. */
function fieldsOf(error: unknown): { code?: unknown; message?: string } {
  return Object(error)
}

/** Whether this error of a storage means that the storage ends before the bytes to read. */
function isEnd(error: unknown): boolean {
  const { code, message } = fieldsOf(error)
  if (code === undefined) return /could not satisfy length/i.test(message ?? '')
  return code === 'ENOENT' || code === 'EPARTIALREAD'
}

/** The storages of open stores. */
const inUse = new WeakSet<RandomAccessStorage>()

/** The part of a `Disk` that pages are read from. The name is for messages. */
export type PageSource = Pick<Disk, 'name' | 'read'>

export class Disk {
  readonly name: string
  readonly canTruncate: boolean
  readonly #storage: RandomAccessStorage
  readonly #canStat: boolean
  readonly #growth = new Growth((offset, data) =>
    this.#call((callback) => this.#storage.write(offset, this.#own(data), callback)),
  )
  /** How many syncs have failed, and the last error. Data written before may be lost, even if a later sync succeeds. */
  failedSyncs = 0
  syncError: unknown = null
  /** Syncs that the storage has not answered yet. */
  readonly #syncs = new Set<Promise<void>>()
  #isTaken = false
  /** Calls that the storage has not answered yet. */
  readonly #calls = new Set<Promise<unknown>>()
  /** Set while the storage is released: calls wait for it. Rejected once the file is closed. */
  #away: Promise<void> | null = null

  constructor(storage: RandomAccessStorage) {
    this.#storage = storage
    this.name = storage.filename ?? 'the storage'
    this.#canStat = storage.stat !== undefined && storage.statable !== false
    this.canTruncate = storage.truncate !== undefined && storage.truncatable !== false
  }

  async open(): Promise<void> {
    const storage = this.#storage
    const isNew = !this.#isTaken
    if (isNew) this.#take()
    try {
      if (storage.open !== undefined && storage.opened === undefined) {
        await call((callback) => storage.open?.(callback))
      }
    } catch (error) {
      if (isNew) this.#leave()
      throw error
    }
    this.#away = null
  }

  /** Only one store may use a storage at a time: two would overwrite each other's data. */
  #take(): void {
    if (inUse.has(this.#storage)) {
      throw new KvError('KV_LOCKED', `${this.name} is open in another store: close that one first`, {
        file: this.name,
      })
    }
    inUse.add(this.#storage)
    this.#isTaken = true
  }

  #leave(): void {
    inUse.delete(this.#storage)
    this.#isTaken = false
  }

  /** Waits for running calls, because the storage must not be released while they use it. No call is made afterwards. */
  async close(): Promise<void> {
    await this.#idle()
    this.#away = Promise.reject(new KvError('KV_CLOSED', 'The store is closed'))
    this.#away.catch(() => {})
    const isOurs = this.#isTaken || !inUse.has(this.#storage)
    if (this.#isTaken) this.#leave()
    if (!isOurs) return
    await call((callback) => (this.#storage.close ? this.#storage.close(callback) : callback(null)))
  }

  /** Waits for running calls, as `close` does. Later calls wait for `resumed`. */
  async suspend(resumed: Promise<void>): Promise<void> {
    this.#away = resumed
    await this.#idle()
    await call((callback) => (this.#storage.suspend ? this.#storage.suspend(callback) : callback(null)))
  }

  /** Reads bytes that were written. Fails with `KV_DAMAGED` if the storage ends before them. */
  read(offset: number, size: number): Maybe<Uint8Array> {
    try {
      const data = this.#read(offset, size)
      return data instanceof Promise ? data.catch((error) => this.#fail(error, offset, size)) : data
    } catch (error) {
      return this.#fail(error, offset, size)
    }
  }

  #read(offset: number, size: number): Maybe<Uint8Array> {
    const data = this.#call<Uint8Array | undefined>((callback) => this.#storage.read(offset, size, callback))
    return data instanceof Promise
      ? data.then((late) => this.#complete(late, offset, size))
      : this.#complete(data, offset, size)
  }

  /** Measures the length of the storage: before the first write, unless it is empty, and again after `suspend`. */
  async measure(): Promise<void> {
    this.#growth.end = this.#canStat ? await this.#length() : await this.#findEnd()
    this.#growth.reach = this.#growth.end
  }

  /** The greatest length that the storage may have. */
  get length(): number {
    return this.#growth.reach
  }

  /** Writes. Fills the gap between the end of the storage and `offset` with zeros. */
  write(offset: number, data: Uint8Array): Maybe<void> {
    return this.#growth.write(offset, data)
  }

  /** Makes the storage shorter. Nothing else may be writing meanwhile. */
  async truncate(size: number): Promise<void> {
    const { pageSize } = this.#storage
    // random-access-memory drops each whole page that one call cuts off, and its `clone()` then fails on that page.
    const growth = this.#growth
    if (growth.reach > growth.end) growth.end = this.#canStat ? await this.#length() : growth.reach
    const most = typeof pageSize === 'number' && pageSize > 1 ? pageSize - 1 : Number.POSITIVE_INFINITY
    while (growth.end > size) {
      // If the call fails, the storage may still have become shorter.
      const end = Math.max(size, growth.end - most)
      growth.end = end
      await this.#call((callback) => this.#storage.truncate?.(end, callback))
    }
    growth.reach = size
  }

  /** Orders everything written so far before everything written later. */
  async sync(): Promise<void> {
    const failures = this.failedSyncs
    const synced = this.#countedSync()
    this.#syncs.add(synced)
    await synced.finally(() => this.#syncs.delete(synced))
    // Linux reports an error to only one of the running syncs. The others succeed.
    await Promise.allSettled(this.#syncs)
    if (this.failedSyncs !== failures) throw this.syncError
  }

  async #countedSync(): Promise<void> {
    try {
      await this.#sync()
    } catch (error) {
      this.failedSyncs++
      this.syncError = error
      throw error
    }
  }

  /** Whether a sync does anything. */
  get canSync(): boolean {
    const { sync, fd } = this.#storage
    return sync !== undefined || (typeof fd === 'number' && fd > 0 && syncDescriptor !== undefined)
  }

  #sync(): Maybe<void> {
    const { fd } = this.#storage
    if (this.#storage.sync !== undefined) return this.#call((callback) => this.#storage.sync?.(callback))
    if (this.canSync) return this.#call((callback) => syncDescriptor?.(fd as number, callback))
    return undefined
  }

  /** Reads up to `size` bytes: fewer at the end of the storage, none past it. */
  async readUpTo(offset: number, size: number): Promise<Uint8Array> {
    if (this.#canStat) {
      const length = await this.#length()
      const available = Math.min(size, length - offset)
      return available <= 0 ? new Uint8Array(0) : this.read(offset, available)
    }
    // If the storage has no `stat`, a binary search finds the end.
    try {
      return await this.#read(offset, size)
    } catch (error) {
      // The file does not exist. A second read of a random-access-file would fail differently.
      if (fieldsOf(error).code === 'ENOENT') return new Uint8Array(0)
      if (!isEnd(error)) throw error
    }
    let low = 0
    let high = size
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if ((await this.#readOrEnd(offset, middle)) === null) high = middle
      else low = middle
    }
    return low === 0 ? new Uint8Array(0) : this.read(offset, low)
  }

  /** Calls the storage, after it was resumed if it is suspended. */
  #call<T = void>(start: (callback: (error: Error | null, result?: T) => void) => void): Maybe<T> {
    if (this.#away !== null) return this.#away.then(() => this.#call(start))
    const answer = call(start)
    if (answer instanceof Promise) {
      const ended = () => this.#calls.delete(answer)
      this.#calls.add(answer)
      answer.then(ended, ended)
    }
    return answer
  }

  async #idle(): Promise<void> {
    while (this.#calls.size > 0) await Promise.allSettled(this.#calls)
  }

  async #length(): Promise<number> {
    try {
      const stat = await this.#call<{ size: number }>((callback) => this.#storage.stat?.(callback))
      return stat.size
    } catch (error) {
      // A random-access-file that was never written does not exist.
      if (fieldsOf(error).code === 'ENOENT') return 0
      throw error
    }
  }

  /** The length of a storage without `stat`. */
  async #findEnd(): Promise<number> {
    const holds = async (length: number) => (await this.#readOrEnd(length - 1, 1)) !== null
    let low = 0
    let high = 1
    while (await holds(high)) {
      low = high
      high *= 2
    }
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (await holds(middle)) low = middle
      else high = middle
    }
    return low
  }

  async #readOrEnd(offset: number, size: number): Promise<Uint8Array | null> {
    try {
      return await this.#read(offset, size)
    } catch (error) {
      if (isEnd(error)) return null
      throw error
    }
  }

  /** A copy, unless the storage is `isolated`: others may keep the bytes that they are called with, or return bytes that they keep. */
  #own(data: Uint8Array): Uint8Array {
    return this.#storage.isolated === true ? data : b4a.from(data)
  }

  #complete(data: Uint8Array | undefined, offset: number, size: number): Uint8Array {
    if (data?.length === size) return this.#own(data)
    throw new KvError(
      'KV_DAMAGED',
      `${this.name} gave ${data?.length} of ${size} bytes at offset ${offset}`,
      {
        file: this.name,
        offset,
      },
    )
  }

  #fail(error: unknown, offset: number, size: number): never {
    if (!isEnd(error)) throw error
    throw new KvError(
      'KV_DAMAGED',
      `${this.name} ends before offset ${offset + size}, where something was written: restore it from a copy`,
      { file: this.name, offset, cause: error },
    )
  }
}
