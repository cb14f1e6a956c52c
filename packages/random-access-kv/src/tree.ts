// Changing the tree: puts, deletes and range deletes on the current root, with copy-on-write. Everything runs at once and
// cannot fail: `prepare` has brought the nodes that a change needs into memory before. Splitting full nodes is in split.ts,
// cutting whole subtrees off in cut.ts; nodes only grow sparse here, merging them is the business of shrink.ts.

import { compare } from './bytes.js'
import { crc32 } from './checksum.js'
import { cut } from './cut.js'
import { NODE_HEADER, Node } from './node.js'
import { ValuePage } from './page.js'
import type { Pager } from './pager.js'
import type { Pins } from './pins.js'
import type { Space } from './space.js'
import { splitNode } from './split.js'
import type { Maybe } from './storage.js'
import { decodeReference, MAX_LOGGED, type Reference } from './values.js'

/** The nodes from the root to a leaf, and the place of each child in its parent. */
export interface Path {
  readonly nodes: Node[]
  readonly places: number[]
}

export class Tree {
  /** Page of the root, 0 if the tree is empty. */
  root: number
  /** Keys (null: the end) on whose path a node has grown sparse since the last checkpoint. */
  sparse: (Uint8Array | null)[] = []
  /** Roots of subtrees that a range delete has cut off whole; their pages are still to be freed. */
  cutOff: number[] = []
  readonly pager: Pager
  readonly pins: Pins
  readonly space: Space
  /** A node with less than this in it is sparse. */
  readonly sparseBytes: number
  readonly #path: Path = { nodes: [], places: [] }

  constructor(root: number, pager: Pager, pins: Pins, space: Space) {
    this.root = root
    this.pager = pager
    this.pins = pins
    this.space = space
    this.sparseBytes = pager.pageSize / 4
  }

  /** Brings the nodes from the root to where `key` is, or would be, into memory. */
  prepare(key: Uint8Array): Maybe<void> {
    return this.#prepareFrom(this.root, key)
  }

  #prepareFrom(page: number, key: Uint8Array | null): Maybe<void> {
    let next = page
    while (next !== 0) {
      const node = this.pager.fetch(next)
      if (node instanceof Promise) {
        return node.then((late) =>
          this.#prepareFrom(late.level === 0 ? 0 : late.child(late.childFor(key)), key),
        )
      }
      next = node.level === 0 ? 0 : node.child(node.childFor(key))
    }
    return undefined
  }

  /** Like `prepare`, for the greatest key. */
  prepareLast(): Maybe<void> {
    return this.#prepareFrom(this.root, null)
  }

  /** Stores a value, or the reference to one (`length` is then `OUT_OF_LINE`). */
  put(key: Uint8Array, value: Uint8Array, length: number): void {
    this.pins.changing()
    if (this.root === 0) this.root = this.create(1, 0).page
    const path = this.#descend(key)
    const depth = path.nodes.length - 1
    const leaf = this.writable(path, depth)
    const i = leaf.search(key)
    if (i >= 0) {
      if (leaf.isOutOfLine(i)) this.freeValue(leaf.value(i))
      if (leaf.replaceValue(i, value, length)) return
      leaf.remove(i, i + 1)
    }
    const place = i >= 0 ? i : ~i
    if (leaf.insertValue(place, key, value, length)) {
      leaf.lastInsert = place
      return
    }
    const cell = Node.create(0, NODE_HEADER + 6 + key.length + value.length, 1, 0, 0)
    cell.insertValue(0, key, value, length)
    splitNode(this, path, depth, place, cell)
  }

  /** Removes a key. False if it was not there. */
  delete(key: Uint8Array): boolean {
    if (this.root === 0) return false
    const path = this.#descend(key)
    const depth = path.nodes.length - 1
    const i = (path.nodes[depth] as Node).search(key)
    if (i < 0) return false
    this.pins.changing()
    const leaf = this.writable(path, depth)
    if (leaf.isOutOfLine(i)) this.freeValue(leaf.value(i))
    leaf.remove(i, i + 1)
    this.noteSparse(leaf, key)
    return true
  }

  /** Removes every key from `start` up to, not including, `end` (null: to the last). */
  deleteRange(start: Uint8Array, end: Uint8Array | null): void {
    if (this.root === 0 || (end !== null && compare(start, end) >= 0)) return
    this.pins.changing()
    cut(this, this.#descend(start), start, end)
    // The leaf where the range ends is another one, or the same again, which is then without effect.
    const path = this.#descend(end)
    const depth = path.nodes.length - 1
    const leaf = path.nodes[depth] as Node
    const from = leaf.indexOf(start)
    const to = end === null ? leaf.count : leaf.indexOf(end)
    if (from < to) this.removeCells(path, depth, from, to, end)
  }

  /** Removes cells of the leaf at the end of a path, with their large values. `key` leads there. */
  removeCells(path: Path, depth: number, from: number, to: number, key: Uint8Array | null): void {
    const leaf = this.writable(path, depth)
    for (let i = from; i < to; i++) if (leaf.isOutOfLine(i)) this.freeValue(leaf.value(i))
    leaf.remove(from, to)
    this.noteSparse(leaf, key)
  }

  /** Takes a large value in; a checkpoint writes it. */
  createValue(value: Uint8Array): Reference {
    const span = Math.ceil(value.length / this.pager.pageSize)
    const page = this.space.allocate(span)
    this.pins.born(page)
    this.pager.add(ValuePage.create(page, span, value, this.pager.pageSize))
    return { page, length: value.length, checksum: crc32(value) }
  }

  /** Frees the pages of a value that the tree no longer refers to. */
  freeValue(reference: Uint8Array): void {
    const { page, length } = decodeReference(reference)
    this.pins.free(page, Math.ceil(length / this.pager.pageSize), length > MAX_LOGGED)
  }

  create(span: number, level: number): Node {
    const page = this.space.allocate(span)
    this.pins.born(page)
    const node = Node.create(page, span * this.pager.pageSize, span, level, this.pins.epoch)
    this.pager.add(node)
    return node
  }

  freeNode(node: Node): void {
    this.pins.free(node.page, node.span, false)
  }

  /** Makes the node at depth `d` of the path one that may be changed: it and its parents are copied if others see them. */
  writable(path: Path, d: number): Node {
    for (let i = 0; i <= d; i++) {
      const node = path.nodes[i] as Node
      if (node.dirty && node.born > this.pins.youngest) continue
      const copy = this.create(node.span, node.level)
      copy.buf.set(node.buf.subarray(8), 8)
      copy.lastInsert = node.lastInsert
      this.replace(path, i, copy)
      this.freeNode(node)
    }
    return path.nodes[d] as Node
  }

  /** Puts another node in the place of the one at depth `d`; its parent may be changed. */
  replace(path: Path, d: number, node: Node): void {
    path.nodes[d] = node
    if (d === 0) this.root = node.page
    else (path.nodes[d - 1] as Node).setChild(path.places[d - 1] as number, node.page)
  }

  /** Goes down to the leaf of `key` (null: the last). All nodes are in memory. */
  #descend(key: Uint8Array | null): Path {
    const { nodes, places } = this.#path
    let node = this.prepared(this.root)
    let depth = 0
    for (; node.level > 0; depth++) {
      const place = node.childFor(key)
      nodes[depth] = node
      places[depth] = place
      node = this.prepared(node.child(place))
    }
    nodes[depth] = node
    // Emptying the arrays instead would give up their memory for every key.
    if (nodes.length > depth + 1) nodes.length = depth + 1
    if (places.length > depth) places.length = depth
    return this.#path
  }

  /** A node that has been prepared. */
  prepared(page: number): Node {
    const node = this.pager.cached(page)
    if (node === undefined) throw new Error(`Page ${page} was not prepared`)
    return node
  }

  /** Puts a node that has grown sparse on the list. `key` leads to it. */
  noteSparse(node: Node, key: Uint8Array | null): void {
    if (node.sparse || node.usedBytes >= this.sparseBytes) return
    node.sparse = true
    this.sparse.push(key === null ? null : key.slice())
  }
}
