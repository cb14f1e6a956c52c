// Changing the tree: puts, deletes and range deletes on the current root, with copy-on-write and splits. Everything runs
// at once and cannot fail: `prepare` has brought the nodes that a change needs into memory before. Nodes only
// grow sparse here; merging them is the business of shrink.ts.

import { compare } from './bytes.js'
import { NODE_HEADER, Node } from './node.js'
import type { Pager } from './pager.js'
import type { Pins } from './pins.js'
import type { Space } from './space.js'
import type { Maybe } from './storage.js'
import { decodeReference } from './values.js'

const EMPTY = new Uint8Array(0)

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
          this.#prepareFrom(late.level === 0 ? 0 : late.child(placeOf(late, key)), key),
        )
      }
      next = node.level === 0 ? 0 : node.child(placeOf(node, key))
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
    this.#split(path, depth, place, cell)
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
    this.#note(leaf, key)
    return true
  }

  /** Removes every key from `start` up to, not including, `end` (null: to the last). */
  deleteRange(start: Uint8Array, end: Uint8Array | null): void {
    if (this.root === 0 || (end !== null && compare(start, end) >= 0)) return
    this.pins.changing()
    this.#cut(start, end)
    // The leaf where the range ends is another one, or the same again, which is then without effect.
    const path = this.#descend(end)
    const depth = path.nodes.length - 1
    const leaf = path.nodes[depth] as Node
    const from = indexOf(leaf, start)
    const to = end === null ? leaf.count : indexOf(leaf, end)
    if (from < to) this.#removeCells(path, depth, from, to, end)
  }

  /** Empties the leaf of `start` from there on, and cuts off what lies between the paths of `start` and `end`. */
  #cut(start: Uint8Array, end: Uint8Array | null): void {
    const path = this.#descend(start)
    const depth = path.nodes.length - 1
    let together = true
    for (let d = 0; d < depth; d++) {
      const branch = path.nodes[d] as Node
      const first = path.places[d] as number
      // Above the fork the end lies under the same child; below it, everything to the right goes.
      const last = together ? placeOf(branch, end) : branch.count
      if (last > first + 1) {
        const writable = this.writable(path, d)
        for (let i = first + 1; i < last; i++) this.cutOff.push(writable.child(i))
        writable.remove(first + 1, last)
        this.#note(writable, start)
      }
      if (together && last > first) {
        together = false
        this.#cutLeftOf(path, d, first + 1, end)
      }
    }
    const leaf = path.nodes[depth] as Node
    const from = indexOf(leaf, start)
    const to = !together || end === null ? leaf.count : indexOf(leaf, end)
    if (from < to) this.#removeCells(path, depth, from, to, start)
  }

  /** Below the fork on the side of `end`: everything left of its path goes. */
  #cutLeftOf(fork: Path, d: number, place: number, end: Uint8Array | null): void {
    const nodes = fork.nodes.slice(0, d + 1)
    const places = fork.places.slice(0, d)
    const side: Path = { nodes, places }
    let at = place
    for (;;) {
      places.push(at)
      const node = this.#cachedNode((nodes[nodes.length - 1] as Node).child(at))
      nodes.push(node)
      if (node.level === 0) break
      at = placeOf(node, end)
      if (at > 0) {
        const depth = nodes.length - 1
        const writable = this.writable(side, depth)
        for (let i = 0; i < at; i++) this.cutOff.push(writable.child(i))
        const kept = writable.child(at)
        // The first cell of a branch has the empty key.
        writable.remove(0, at + 1)
        writable.insertChild(0, EMPTY, kept)
        this.#note(writable, end)
        at = 0
      }
    }
    // Nodes above the fork may have been copied on the way.
    for (let i = 0; i <= d; i++) fork.nodes[i] = nodes[i] as Node
  }

  #removeCells(path: Path, depth: number, from: number, to: number, key: Uint8Array | null): void {
    const leaf = this.writable(path, depth)
    for (let i = from; i < to; i++) if (leaf.isOutOfLine(i)) this.freeValue(leaf.value(i))
    leaf.remove(from, to)
    this.#note(leaf, key)
  }

  /** Frees the pages of a value that the tree no longer refers to. */
  freeValue(reference: Uint8Array): void {
    const { page, length } = decodeReference(reference)
    this.pins.free(page, Math.ceil(length / this.pager.pageSize), true)
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
      this.#replace(path, i, copy)
      this.freeNode(node)
    }
    return path.nodes[d] as Node
  }

  #replace(path: Path, d: number, node: Node): void {
    path.nodes[d] = node
    if (d === 0) this.root = node.page
    else (path.nodes[d - 1] as Node).setChild(path.places[d - 1] as number, node.page)
  }

  /** Goes down to the leaf of `key` (null: the last). All nodes are in memory. */
  #descend(key: Uint8Array | null): Path {
    const path = this.#path
    path.nodes.length = 0
    path.places.length = 0
    let node = this.#cachedNode(this.root)
    path.nodes.push(node)
    while (node.level > 0) {
      const place = placeOf(node, key)
      path.places.push(place)
      node = this.#cachedNode(node.child(place))
      path.nodes.push(node)
    }
    return path
  }

  #cachedNode(page: number): Node {
    const node = this.pager.cached(page)
    if (node === undefined) throw new Error(`Page ${page} was not prepared`)
    return node
  }

  /** Distributes a full node and one more cell over two nodes, and links the second. `cell` holds just that cell. */
  #split(path: Path, d: number, place: number, cell: Node): void {
    const node = path.nodes[d] as Node
    const level = node.level
    const source = new Node(0, node.buf.slice(), 0, false)
    const total = node.count + 1
    const cellAt = (i: number): [Node, number] => (i === place ? [cell, 0] : [source, i < place ? i : i - 1])
    const sizes: number[] = []
    for (let i = 0; i < total; i++) {
      const [from, j] = cellAt(i)
      sizes.push(from.cellSize(j) + 2)
    }
    const smallest = level === 0 ? 1 : 2
    const bytes = sizes.reduce((sum, size) => sum + size, NODE_HEADER)
    if (total < smallest * 2) {
      const grown = this.create(Math.ceil(bytes / this.pager.pageSize), level)
      for (let i = 0; i < total; i++) grown.insertCell(i, ...cellAt(i))
      this.#replace(path, d, grown)
      this.freeNode(node)
      return
    }
    const sequential = place > 0 && node.lastInsert === place - 1
    let m = sequential ? this.#afterSequence(sizes, place) : middle(sizes)
    m = Math.min(Math.max(m, smallest), total - smallest)
    const [left, right] = [
      this.#build(level, cellAt, sizes, 0, m),
      this.#build(level, cellAt, sizes, m, total),
    ]
    if (place < m) left.lastInsert = place
    else right.lastInsert = place - m
    let separator: Uint8Array
    if (level === 0) separator = separate(left.key(left.count - 1), right.key(0))
    else {
      separator = right.key(0).slice()
      const first = right.child(0)
      right.remove(0, 1)
      right.insertChild(0, EMPTY, first)
    }
    this.freeNode(node)
    this.#link(path, d, left, separator, right)
  }

  /** Where to cut when cells come in order: behind the new cell, so that the next one finds room there. */
  #afterSequence(sizes: number[], place: number): number {
    if (place === sizes.length - 1) return place
    let bytes = NODE_HEADER
    for (let i = 0; i <= place; i++) bytes += sizes[i] as number
    return bytes <= this.pager.pageSize ? place + 1 : place
  }

  #build(
    level: number,
    cellAt: (i: number) => [Node, number],
    sizes: number[],
    from: number,
    to: number,
  ): Node {
    let bytes = NODE_HEADER
    for (let i = from; i < to; i++) bytes += sizes[i] as number
    const node = this.create(Math.ceil(bytes / this.pager.pageSize), level)
    for (let i = from; i < to; i++) node.insertCell(i - from, ...cellAt(i))
    return node
  }

  /** Puts `left` in the place of the node at depth `d`, and `right` after it. */
  #link(path: Path, d: number, left: Node, separator: Uint8Array, right: Node): void {
    if (d === 0) {
      const root = this.create(1, left.level + 1)
      root.insertChild(0, EMPTY, left.page)
      if (root.insertChild(1, separator, right.page)) {
        this.root = root.page
        return
      }
      const size = NODE_HEADER + 2 * 8 + separator.length
      const grown = this.create(Math.ceil(size / this.pager.pageSize), root.level)
      grown.insertChild(0, EMPTY, left.page)
      grown.insertChild(1, separator, right.page)
      this.freeNode(root)
      this.root = grown.page
      return
    }
    const parent = path.nodes[d - 1] as Node
    const place = (path.places[d - 1] as number) + 1
    this.#replace(path, d, left)
    if (parent.insertChild(place, separator, right.page)) {
      parent.lastInsert = place
      return
    }
    const cell = Node.create(0, NODE_HEADER + 8 + separator.length, 1, parent.level, 0)
    cell.insertChild(0, separator, right.page)
    this.#split(path, d - 1, place, cell)
  }

  #note(node: Node, key: Uint8Array | null): void {
    if (node.sparse || node.usedBytes >= this.sparseBytes) return
    node.sparse = true
    this.sparse.push(key === null ? null : key.slice())
  }
}

/** The place of the child that holds `key`, or of the last one. */
function placeOf(branch: Node, key: Uint8Array | null): number {
  return key === null ? branch.count - 1 : branch.childFor(key)
}

/** The place of the first cell that is not before `key`. */
function indexOf(leaf: Node, key: Uint8Array): number {
  const i = leaf.search(key)
  return i >= 0 ? i : ~i
}

/** The shortest key that sorts after `left` and not after `right`. */
function separate(left: Uint8Array, right: Uint8Array): Uint8Array {
  let i = 0
  while (i < left.length && left[i] === right[i]) i++
  return right.slice(0, i + 1)
}

/** Where to cut so that both halves hold about as many bytes. */
function middle(sizes: number[]): number {
  const total = sizes.reduce((sum, size) => sum + size, 0)
  let left = 0
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i] as number
    if (left + size / 2 > total / 2) return i
    left += size
  }
  return sizes.length - 1
}
