// Nodes and values as pages: making them, copying shared ones before they change, freeing them. The shape of the tree is not known
// here.

import { crc32 } from '../bytes/checksum.js'
import type { Pins } from '../space/pins.js'
import type { Space } from '../space/space.js'
import { Node } from './node.js'
import { ValuePage } from './page.js'
import type { Pager } from './pager.js'
import { decodeReference, MAX_LOGGED, type Reference } from './values.js'

export class Nodes {
  readonly pager: Pager
  /** Takes in every leaf that is made, if there is somebody who wants to know. */
  leaves: Node[] | null = null
  readonly #pins: Pins
  readonly #space: Space

  constructor(pager: Pager, pins: Pins, space: Space) {
    this.pager = pager
    this.#pins = pins
    this.#space = space
  }

  get pageSize(): number {
    return this.pager.pageSize
  }

  /** A node with less than this in it is sparse. */
  get sparseBytes(): number {
    return this.pager.pageSize / 4
  }

  /** A node that has been loaded. */
  loaded(page: number): Node {
    const node = this.pager.cached(page)
    if (node === undefined) throw new Error(`Page ${page} was not loaded`)
    return node
  }

  /** A new node of at least `bytes` bytes. */
  create(bytes: number, height: number): Node {
    const span = Math.ceil(bytes / this.pageSize)
    const page = this.#space.allocate(span)
    return this.#add(Node.create(page, span * this.pageSize, span, height, this.#pins.epoch))
  }

  /** The node, if nothing else sees it. Otherwise a copy, which is to take its place; the node is freed. */
  writable(node: Node): Node {
    if (node.dirty && node.born > this.#pins.youngest) return node
    // A clean node that is not read can become another node without a copy.
    const copy = node.dirty || node.isKept || this.#pins.hasReaders ? this.#copy(node) : this.#move(node)
    copy.lastInsert = node.lastInsert
    this.free(node)
    return copy
  }

  #copy(node: Node): Node {
    const copy = this.create(node.buf.length, node.height)
    copy.buf.set(node.buf.subarray(8), 8)
    return copy
  }

  #move(node: Node): Node {
    this.pager.drop(node.page)
    return this.#add(Node.move(node, this.#space.allocate(node.span), this.#pins.epoch))
  }

  #add(node: Node): Node {
    this.pager.add(node)
    if (node.height === 0) this.leaves?.push(node)
    return node
  }

  free(node: Node): void {
    this.#pins.free({ page: node.page, count: node.span }, node.born, false)
  }

  /** Takes a large value in; a checkpoint writes it. */
  createValue(value: Uint8Array): Reference {
    const span = Math.ceil(value.length / this.pageSize)
    const page = this.#space.allocate(span)
    this.#pins.born(page)
    this.pager.add(ValuePage.create(page, span, value, this.pageSize))
    return { page, length: value.length, checksum: crc32(value) }
  }

  /** Frees the pages of a value that the tree no longer refers to. */
  freeValue(reference: Uint8Array): void {
    const { page, length } = decodeReference(reference)
    const extent = { page, count: Math.ceil(length / this.pageSize) }
    this.#pins.free(extent, this.#pins.bornAt(page), length > MAX_LOGGED)
  }
}
