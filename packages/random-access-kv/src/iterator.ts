/// <reference lib="esnext.disposable" preserve="true" />
// Iterators: they walk over a range of a pinned tree in order, and copy its entries in pieces.

import b4a from 'b4a'
import { copyOf, successor } from './bytes/bytes.js'
import { badArgument, KvError } from './errors.js'
import { nextTurn } from './event-loop.js'
import type { AnyCursor, View } from './memtable/view.js'
import { type HalfOpen, halfOpen, type Range } from './ranges.js'
import type { Reader } from './reader.js'
import type { Maybe } from './storage/storage.js'
import type { Node } from './tree/node.js'

/** How many entries `next` reads ahead. */
const AHEAD = 128
/** After this many entries, other work may run. */
const STEP = 64
/** How many bytes of keys and values `next` reads ahead at most, unless a single entry has more. */
const AHEAD_BYTES = 256 * 1024

/** A key and its value. With `values: false`, `value` is empty. Both are copies: you may keep or change them. */
export interface Entry {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/** Which entries an iterator returns, and in which order. */
export interface IteratorOptions extends Range {
  /** Whether to start at the greatest key and go down. Default: false. */
  readonly reverse?: boolean | undefined
  /** The maximum number of entries. Default: no limit, as for a negative number. */
  readonly limit?: number | undefined
  /** Whether to read values. Default: true. */
  readonly values?: boolean | undefined
}

/** The most entries, and the most bytes of them, unless a single one has more. */
interface Most {
  readonly count: number
  readonly bytes: number
}

interface Opened {
  readonly view: View
  readonly cursor: AnyCursor
}

const NO_VALUE = new Uint8Array(0)

/**
 * Iterates over the entries of a range in the order of their keys, as they were when the iterator was made. It closes itself when `next`
 * comes to the end, and when a `for await` loop ends. Otherwise call `close`: the file cannot reuse the pages that an open iterator sees.
 * Methods reject with `KV_CLOSED` once the iterator or the store is closed.
 */
export class EntryIterator implements AsyncIterableIterator<Entry> {
  readonly #range: HalfOpen
  readonly #reverse: boolean
  readonly #values: boolean
  readonly #pin: () => Maybe<View>
  #open: Opened | null = null
  /** Set while the store opens; null again if that fails. */
  #opening: Promise<void> | null = null
  #left: number
  #ahead: Entry[] = []
  #given = 0
  #target: Uint8Array | null = null
  #mustSeek = true
  #closed = false
  /** How many calls have not ended. They take effect one after the other, in the order in which they were made. */
  #calls = 0
  #tail: Promise<unknown> = Promise.resolve()

  /**
   * @internal
   * @param pin pins the tree to walk. Called immediately, and again if it failed
   */
  constructor(options: IteratorOptions, pin: () => Maybe<View>) {
    if (typeof options !== 'object' || options === null) throw badArgument('options', 'an object', options)
    const limit = options.limit ?? -1
    if (typeof limit !== 'number' || Number.isNaN(limit)) {
      throw badArgument('limit', 'a number of entries', limit)
    }
    const { start, end } = halfOpen(options)
    this.#range = { start: copyOf(start), end: end && copyOf(end) }
    this.#reverse = options.reverse ?? false
    this.#values = options.values ?? true
    this.#left = limit < 0 ? Number.POSITIVE_INFINITY : limit
    this.#pin = pin
    this.#begin()
  }

  #begin(): void {
    const pinned = this.#pin()
    if (!(pinned instanceof Promise)) {
      this.#start(pinned)
      return
    }
    this.#opening = pinned.then((late) => this.#start(late))
    // The next read calls `#pin` again, and reports its error.
    this.#opening.catch(() => {
      this.#opening = null
    })
  }

  #start(view: View): void {
    this.#open = { view, cursor: view.cursor(this.#range, this.#reverse) }
  }

  /** Resolves with the next entry. If it rejects, the next call tries again. */
  next(): Promise<IteratorResult<Entry, undefined>> {
    const entry = this.#calls === 0 ? this.#readAhead[this.#given] : undefined
    if (entry === undefined) return this.#nextLate()
    this.#given++
    return Promise.resolve({ done: false, value: entry })
  }

  async #nextLate(): Promise<IteratorResult<Entry, undefined>> {
    const entry = await this.#inTurn(() => this.#take())
    if (entry !== undefined) return { done: false, value: entry }
    await this.close()
    return { done: true, value: undefined }
  }

  /** What was read ahead and may be given: nothing once the store is closed. Then reading on fails. */
  get #readAhead(): readonly Entry[] {
    return this.#open?.view.engine.isClosed ? [] : this.#ahead
  }

  async #take(): Promise<Entry | undefined> {
    if (this.#given >= this.#readAhead.length) {
      if (this.#closed) return undefined
      this.#ahead = await this.#fill(AHEAD, AHEAD_BYTES)
      this.#given = 0
    }
    return this.#ahead[this.#given++]
  }

  /**
   * Resolves with up to `count` entries that have at most `bytes` bytes of keys and values, but with at least one entry. An empty array
   * means the end. If it rejects, no entry is lost: the next call tries again. Rejects with `KV_BAD_ARGUMENT` unless `count` is a positive
   * integer or `Infinity`.
   */
  async nextMany(count: number, bytes = Number.POSITIVE_INFINITY): Promise<Entry[]> {
    if (Math.floor(count) !== count || count < 1) throw badArgument('count', 'a positive integer', count)
    return this.#inTurn(() => this.#takeMany(count, bytes))
  }

  async #takeMany(count: number, bytes: number): Promise<Entry[]> {
    // Of what was read ahead, one entry at a time keeps within any number of bytes.
    const isLimited = bytes !== Number.POSITIVE_INFINITY
    const ahead = this.#readAhead.slice(this.#given, this.#given + (isLimited ? 1 : count))
    const isEnough = ahead.length === count || (ahead.length > 0 && isLimited)
    const rest = isEnough ? [] : await this.#fill(count - ahead.length, bytes)
    this.#given += ahead.length
    return ahead.length === 0 ? rest : [...ahead, ...rest]
  }

  /**
   * Moves to the key `target`, or to the next key in the iterator's direction if `target` is not in the store.
   *
   * @throws KvError `KV_BAD_ARGUMENT` unless `target` is a `Uint8Array`
   */
  seek(target: Uint8Array): void {
    if (!(target instanceof Uint8Array)) throw badArgument('target', 'a Uint8Array', target)
    const own = copyOf(target)
    if (this.#calls === 0) this.#seek(own)
    else void this.#inTurn(() => this.#seek(own))
  }

  #seek(target: Uint8Array): void {
    this.#target = target
    this.#mustSeek = true
    this.#left += Math.max(0, this.#ahead.length - this.#given)
    this.#ahead = []
    this.#given = 0
  }

  /** Closes the iterator and releases its pages. A second call has no effect. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#ahead = []
    await this.#tail
    this.#ahead = []
    if (this.#open !== null) this.#release()
    else this.#opening?.then(() => this.#release()).catch(() => {})
  }

  /** Closes the iterator. Called when a `for await` loop ends early. */
  return(): Promise<IteratorResult<Entry, undefined>> {
    return this.close().then(() => ({ done: true, value: undefined }))
  }

  /** Returns the iterator itself. */
  [Symbol.asyncIterator](): this {
    return this
  }

  /** Closes the iterator, as `close` does. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #release(): void {
    if (this.#open === null) return
    this.#open.view.release()
    this.#open = null
  }

  #inTurn<T>(run: () => Maybe<T>): Promise<T> {
    this.#calls++
    const done = this.#tail.then(run)
    const ended = () => {
      this.#calls--
    }
    this.#tail = done.then(ended, ended)
    return done
  }

  async #opened(): Promise<Opened> {
    if (this.#opening === null) this.#begin()
    await this.#opening
    return this.#open as Opened
  }

  async #fill(count: number, bytes: number): Promise<Entry[]> {
    if (this.#closed) throw new KvError('KV_CLOSED', 'The iterator is closed')
    const { cursor, view } = this.#open ?? (await this.#opened())
    const { engine } = view
    if (engine.isClosed || engine.resumed !== null) await engine.awake()
    if (this.#mustSeek) {
      const target = this.#target === null || !this.#reverse ? this.#target : successor(this.#target)
      const sought = cursor.seek(target)
      if (sought instanceof Promise) await sought
      this.#mustSeek = false
    }
    const { leaf, place } = cursor
    const left = this.#left
    try {
      return await this.#collect(engine.reader, cursor, { count, bytes })
    } catch (error) {
      // The cursor may be between two leaves: the next call returns to where this one began.
      if (leaf !== null) this.#target = leaf.key(place)
      this.#mustSeek = true
      this.#left = left
      throw error
    }
  }

  async #collect(reader: Reader, cursor: AnyCursor, most: Most): Promise<Entry[]> {
    const entries: Entry[] = []
    const late: Promise<void>[] = []
    let bytes = 0
    while (entries.length < most.count && this.#left > 0 && cursor.leaf !== null) {
      const leaf: Node = cursor.leaf
      const i = cursor.place
      bytes += leaf.key(i).length + (this.#values ? reader.lengthAt(leaf, i) : 0)
      if (!(bytes <= most.bytes) && entries.length > 0) break
      const key = b4a.from(leaf.key(i))
      const value = this.#values ? reader.valueAt(leaf, i) : NO_VALUE
      if (value instanceof Promise) {
        const place = entries.length
        const read = value.then((data) => {
          entries[place] = { key, value: data }
        })
        // The error is reported below, unless another read fails first.
        read.catch(() => {})
        late.push(read)
        entries.push({ key, value: NO_VALUE })
      } else entries.push({ key, value })
      this.#left--
      const moved = cursor.next()
      if (moved instanceof Promise) await moved
      if (entries.length % STEP === 0) await nextTurn()
    }
    if (late.length > 0) await Promise.all(late)
    // Also where there is nothing: iterators may be used for a look each.
    await nextTurn()
    return entries
  }
}
