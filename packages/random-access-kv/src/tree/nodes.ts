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
    const page = this.#allocate(span)
    const node = Node.create(page, span * this.pageSize, span, height, this.#pins.epoch)
    this.pager.add(node)
    return node
  }

  /** The node, if nothing else sees it. Otherwise a copy, which is to take its place; the node is freed. */
  writable(node: Node): Node {
    if (node.dirty && node.born > this.#pins.youngest) return node
    const copy = this.create(node.buf.length, node.height)
    copy.buf.set(node.buf.subarray(8), 8)
    copy.lastInsert = node.lastInsert
    this.free(node)
    return copy
  }

  free(node: Node): void {
    this.#pins.free(node.page, node.span, false)
  }

  /** Takes a large value in; a checkpoint writes it. */
  createValue(value: Uint8Array): Reference {
    const span = Math.ceil(value.length / this.pageSize)
    const page = this.#allocate(span)
    this.pager.add(ValuePage.create(page, span, value, this.pageSize))
    return { page, length: value.length, checksum: crc32(value) }
  }

  /** Frees the pages of a value that the tree no longer refers to. */
  freeValue(reference: Uint8Array): void {
    const { page, length } = decodeReference(reference)
    this.#pins.free(page, Math.ceil(length / this.pageSize), length > MAX_LOGGED)
  }

  #allocate(span: number): number {
    const page = this.#space.allocate(span)
    this.#pins.born(page)
    return page
  }
}
