// Nodes in memory: finding them, reading them from the storage (checked), and giving clean ones up when the cache is over
// its budget. Dirty nodes stay until a checkpoint has written them.

import { setU32, u16, u32 } from './bytes.js'
import { crc32 } from './checksum.js'
import { damaged } from './errors.js'
import { NODE_HEADER, Node } from './node.js'
import type { File, Maybe } from './storage.js'

/** The most bytes a node takes: offsets in it have 16 bits. */
const MAX_NODE = 0x1_0000

export class Pager {
  readonly pageSize: number
  readonly budget: number
  readonly dirty = new Set<Node>()
  bytes = 0
  dirtyBytes = 0
  hits = 0
  misses = 0
  /** The number of the last checkpoint. No node that is read may be younger. */
  generation = 0
  readonly #file: File
  readonly #nodes = new Map<number, Node>()
  readonly #loading = new Map<number, Promise<Node>>()
  /** Nodes in the order of a clock: the hand passes over those used since its last round. */
  readonly #clock: Node[] = []
  #hand = 0
  #holds = 0

  constructor(file: File, pageSize: number, budget: number) {
    this.#file = file
    this.pageSize = pageSize
    this.budget = budget
  }

  /** The node if it is in memory. */
  cached(page: number): Node | undefined {
    const node = this.#nodes.get(page)
    if (node !== undefined) {
      node.used = true
      this.hits++
    }
    return node
  }

  /** The node, from memory or from the storage. At once, if the storage answers at once. */
  fetch(page: number): Maybe<Node> {
    const node = this.cached(page)
    if (node !== undefined) return node
    const loading = this.#loading.get(page)
    if (loading !== undefined) return loading
    this.misses++
    const read = this.read(page)
    if (!(read instanceof Promise)) return this.#insert(read)
    const promise = read.then((late) => this.#insert(late)).finally(() => this.#loading.delete(page))
    this.#loading.set(page, promise)
    return promise
  }

  /** Reads a node from the storage, past the cache. */
  read(page: number): Maybe<Node> {
    const first = this.#file.read(page * this.pageSize, this.pageSize)
    return first instanceof Promise
      ? first.then((late) => this.#readRest(page, late))
      : this.#readRest(page, first)
  }

  #readRest(page: number, first: Uint8Array): Maybe<Node> {
    const size = u16(first, 14) * this.pageSize
    if (size === this.pageSize) return this.#check(page, first)
    const offset = page * this.pageSize
    if (size === 0 || size > MAX_NODE) throw damaged(this.#file.name, offset, 'A page')
    const whole = this.#file.read(offset, size)
    return whole instanceof Promise ? whole.then((late) => this.#check(page, late)) : this.#check(page, whole)
  }

  #check(page: number, buf: Uint8Array): Node {
    const sound =
      u32(buf, 0) === crc32(buf.subarray(4)) &&
      u32(buf, 4) === page &&
      u32(buf, 8) <= this.generation &&
      NODE_HEADER + u16(buf, 16) * 2 <= u32(buf, 20)
    if (!sound) throw damaged(this.#file.name, page * this.pageSize, 'A page')
    return new Node(page, buf, 0, false)
  }

  /** Takes in a node that was made in memory. */
  add(node: Node): void {
    this.#nodes.set(node.page, node)
    this.dirty.add(node)
    this.bytes += node.buf.length
    this.dirtyBytes += node.buf.length
  }

  /** Forgets a node whose pages have been freed. */
  drop(page: number): void {
    const node = this.#nodes.get(page)
    if (node === undefined) return
    this.#nodes.delete(page)
    this.bytes -= node.buf.length
    if (this.dirty.delete(node)) this.dirtyBytes -= node.buf.length
    // A clean node's place in the clock is given up when the hand comes by.
  }

  /** Puts number and checksum on a node that is about to be written. */
  static seal(node: Node, generation: number): void {
    setU32(node.buf, 8, generation)
    setU32(node.buf, 0, crc32(node.buf.subarray(4)))
  }

  /** A checkpoint that holds the node is durable: from now on it can be read again. */
  cleaned(node: Node): void {
    if (!this.dirty.delete(node)) return
    node.dirty = false
    this.dirtyBytes -= node.buf.length
    this.#enter(node)
  }

  /** Until `unhold`, nothing is given up: what has been fetched stays in memory. */
  hold(): void {
    this.#holds++
  }

  unhold(): void {
    this.#holds--
    this.shrink()
  }

  /** Gives clean nodes up until the cache is within its budget. */
  shrink(): void {
    if (this.#holds > 0) return
    const clock = this.#clock
    // Two rounds clear every mark; what is left over then is dirty.
    for (let steps = clock.length * 2; this.bytes > this.budget && steps > 0 && clock.length > 0; steps--) {
      if (this.#hand >= clock.length) this.#hand = 0
      const node = clock[this.#hand] as Node
      const here = this.#nodes.get(node.page) === node
      if (here && node.used) {
        node.used = false
        this.#hand++
        continue
      }
      clock[this.#hand] = clock[clock.length - 1] as Node
      clock.pop()
      if (!here) continue
      this.#nodes.delete(node.page)
      this.bytes -= node.buf.length
    }
  }

  #insert(node: Node): Node {
    this.#nodes.set(node.page, node)
    this.bytes += node.buf.length
    this.#enter(node)
    if (this.bytes > this.budget) this.shrink()
    return node
  }

  #enter(node: Node): void {
    const clock = this.#clock
    if (clock.length > 64 + 2 * this.#nodes.size) {
      // Mostly places of nodes that have been dropped since.
      const live = clock.filter((other) => this.#nodes.get(other.page) === other)
      clock.splice(0, clock.length, ...live)
      this.#hand = 0
    }
    clock.push(node)
  }
}
