// Nodes and values in memory: finding them, reading them from the storage (checked), and giving clean ones up when the cache is
// over its budget. Dirty ones stay until a checkpoint has written them.

import { plain, u16, u32 } from '../bytes/bytes.js'
import { crc32 } from '../bytes/checksum.js'
import type { Unsynced } from '../checkpoint/unsynced.js'
import { damaged } from '../errors.js'
import type { PageSource } from '../storage/disk.js'
import type { Maybe } from '../storage/storage.js'
import { NODE_HEADER, Node } from './node.js'
import { type Page, ValuePage } from './page.js'
import { type Reference, readValue } from './values.js'

/** The most bytes a node takes: offsets in it have 16 bits. */
const MAX_NODE = 0x1_0000

export class Pager {
  readonly pageSize: number
  readonly budget: number
  readonly dirty = new Set<Page>()
  bytes = 0
  dirtyBytes = 0
  hits = 0
  misses = 0
  /** The number of the last checkpoint. No node that is read may be younger. */
  generation = 0
  readonly #source: PageSource
  readonly #unsynced: Unsynced
  /** By first page. The tree says what is a node and what a value. */
  readonly #pages = new Map<number, Page>()
  readonly #loading = new Map<number, Promise<Page>>()
  /** Clean pages in the order of a clock: the hand passes over those used since its last round. */
  readonly #clock: Page[] = []
  #hand = 0
  #holds = 0

  constructor(source: PageSource, unsynced: Unsynced, pageSize: number, budget: number) {
    this.#source = source
    this.#unsynced = unsynced
    this.pageSize = pageSize
    this.budget = budget
  }

  /** The node if it is in memory. */
  cached(page: number): Node | undefined {
    return this.#cached(page) as Node | undefined
  }

  /** The value if it is in memory. */
  cachedValue(page: number): ValuePage | undefined {
    return this.#cached(page) as ValuePage | undefined
  }

  #cached(page: number): Page | undefined {
    const found = this.#pages.get(page)
    if (found !== undefined) {
      found.used = true
      this.hits++
    }
    return found
  }

  /** The node, from memory or from the storage. Not a promise if the storage answers immediately. */
  fetch(page: number): Maybe<Node> {
    return this.cached(page) ?? (this.#load(page, () => this.read(page)) as Maybe<Node>)
  }

  /** Like `fetch`, for a value. */
  fetchValue(reference: Reference): Maybe<ValuePage> {
    const { page } = reference
    return this.cachedValue(page) ?? (this.#load(page, () => this.#readValue(reference)) as Maybe<ValuePage>)
  }

  #load(page: number, read: () => Maybe<Page>): Maybe<Page> {
    const loading = this.#loading.get(page)
    if (loading !== undefined) return loading
    this.misses++
    const loaded = read()
    if (!(loaded instanceof Promise)) return this.#insert(loaded)
    const promise = loaded.then(
      (late) => {
        // In one step: what is inserted may be given up at once, and is then to be loaded again.
        this.#loading.delete(page)
        return this.#insert(late)
      },
      (error: unknown) => {
        this.#loading.delete(page)
        throw error
      },
    )
    this.#loading.set(page, promise)
    return promise
  }

  #readValue(reference: Reference): Maybe<ValuePage> {
    const { page, length } = reference
    const span = Math.ceil(length / this.pageSize)
    const value = readValue(this.#source, this.pageSize, reference)
    return value instanceof Promise
      ? value.then((late) => new ValuePage(page, span, length, late, false))
      : new ValuePage(page, span, length, value, false)
  }

  /** Reads a node from the storage, past the cache. */
  read(page: number): Maybe<Node> {
    const kept = this.#unsynced.get(page)
    if (kept !== undefined) return new Node(page, kept.slice(), 0, false)
    const first = this.#source.read(page * this.pageSize, this.pageSize)
    return first instanceof Promise
      ? first.then((late) => this.#readRest(page, late))
      : this.#readRest(page, first)
  }

  #readRest(page: number, first: Uint8Array): Maybe<Node> {
    const size = u16(first, 14) * this.pageSize
    if (size === this.pageSize) return this.#check(page, first)
    const offset = page * this.pageSize
    if (size === 0 || size > MAX_NODE) throw damaged(this.#source.name, offset, 'A page')
    const whole = this.#source.read(offset, size)
    return whole instanceof Promise ? whole.then((late) => this.#check(page, late)) : this.#check(page, whole)
  }

  #check(page: number, buf: Uint8Array): Node {
    const sound =
      u32(buf, 0) === crc32(buf.subarray(4)) &&
      u32(buf, 4) === page &&
      u32(buf, 8) <= this.generation &&
      NODE_HEADER + u16(buf, 16) * 2 <= u32(buf, 20)
    if (!sound) throw damaged(this.#source.name, page * this.pageSize, 'A page')
    return new Node(page, plain(buf), 0, false)
  }

  /** Whether a page is what is in memory of it. */
  isCurrent(page: Page): boolean {
    return this.#pages.get(page.page) === page
  }

  /** Takes in a page that was made in memory. */
  add(page: Page): void {
    this.#pages.set(page.page, page)
    this.dirty.add(page)
    this.bytes += page.buf.length
    this.dirtyBytes += page.buf.length
  }

  /** Forgets what was on a page that has been freed. */
  drop(page: number): void {
    const found = this.#pages.get(page)
    if (found === undefined) return
    this.#forget(found)
    if (this.dirty.delete(found)) this.dirtyBytes -= found.buf.length
  }

  #forget(page: Page): void {
    this.#pages.delete(page.page)
    this.bytes -= page.buf.length
    this.#leave(page)
  }

  /** A checkpoint that holds the page is durable: from now on it can be read again. */
  cleaned(page: Page): void {
    if (!this.dirty.delete(page)) return
    page.dirty = false
    this.dirtyBytes -= page.buf.length
    this.#enter(page)
  }

  /** The node was written for a checkpoint that is not durable yet: from now on it can be read again. */
  writtenEarly(node: Node): void {
    this.cleaned(node)
    // Those that are read are worth more than those that were only written.
    node.used = false
    if (this.bytes > this.budget) this.#forget(node)
  }

  /** Until `unhold`, nothing is given up: what has been fetched stays in memory. */
  hold(): void {
    this.#holds++
  }

  unhold(): void {
    this.#holds--
    this.evict()
  }

  /** Gives clean pages up until the cache is within its budget. */
  evict(): void {
    if (this.#holds > 0) return
    const clock = this.#clock
    // Two rounds clear every mark; what is left over then is dirty.
    for (let steps = clock.length * 2; this.bytes > this.budget && steps > 0 && clock.length > 0; steps--) {
      if (this.#hand >= clock.length) this.#hand = 0
      const page = clock[this.#hand] as Page
      if (page.used) {
        page.used = false
        this.#hand++
      } else this.#forget(page)
    }
  }

  #insert(page: Page): Page {
    this.#pages.set(page.page, page)
    this.bytes += page.buf.length
    this.#enter(page)
    if (this.bytes > this.budget) this.evict()
    return page
  }

  #enter(page: Page): void {
    page.place = this.#clock.length
    this.#clock.push(page)
  }

  #leave(page: Page): void {
    const last = this.#clock[this.#clock.length - 1]
    if (page.place < 0 || last === undefined) return
    this.#clock[page.place] = last
    last.place = page.place
    page.place = -1
    this.#clock.pop()
  }
}
