// Splitting: moving the upper cells of a full node to a new one, and linking that into the tree, which may split the parent in
// turn.

import { NODE_HEADER, Node } from './node.js'
import type { Nodes } from './nodes.js'
import type { Path } from './path.js'

const EMPTY = new Uint8Array(0)

/** Inserts the one cell of `cell` into the full leaf of a path: the upper cells move to a new one, which is linked. */
export function splitNode(store: Nodes, path: Path, place: number, cell: Node): void {
  split(store, path, path.depth, place, cell)
}

function split(store: Nodes, path: Path, d: number, place: number, cell: Node): void {
  const node = path.node(d)
  const total = node.count + 1
  const smallest = node.height === 0 ? 1 : 2
  const cells: Cells = { node, place, cell }
  if (total < smallest * 2) {
    path.replace(d, build(store, cells, 0, total))
    store.free(node)
    return
  }
  const m = Math.min(Math.max(splitPoint(store, cells), smallest), total - smallest)
  const right = build(store, cells, m, total)
  const left = keep(store, cells, m)
  if (place < m) left.lastInsert = place
  else right.lastInsert = place - m
  let separator: Uint8Array
  if (left.height === 0) separator = separate(left.key(left.count - 1), right.key(0))
  else {
    separator = right.key(0).slice()
    const first = right.child(0)
    right.remove(0, 1)
    right.insertChild(0, EMPTY, first)
  }
  if (left !== node) store.free(node)
  link(store, path, d, left, separator, right)
}

/** The cells of a node with `cell` inserted at `place`. */
interface Cells {
  readonly node: Node
  readonly place: number
  readonly cell: Node
}

function sizeOf({ node, place, cell }: Cells, i: number): number {
  return 2 + (i === place ? cell.cellSize(0) : node.cellSize(i < place ? i : i - 1))
}

function bytesOf(cells: Cells, from: number, to: number): number {
  let bytes = NODE_HEADER
  for (let i = from; i < to; i++) bytes += sizeOf(cells, i)
  return bytes
}

/** How many cells stay. */
function splitPoint(store: Nodes, cells: Cells): number {
  const { node, place } = cells
  const isSequence = place > 0 && node.lastInsert === place - 1
  if (!isSequence) return middle(cells)
  if (place === node.count) return place
  // Behind the new cell if that fits, so that the next one finds room there.
  const point = bytesOf(cells, 0, place + 1) <= store.pageSize ? place + 1 : place
  // Two halves of the same size fit into a page each. What is not on the left may not.
  return bytesOf(cells, point, node.count + 1) <= store.pageSize ? point : middle(cells)
}

/** Where to cut so that both halves hold about as many bytes. */
function middle(cells: Cells): number {
  const last = cells.node.count
  const total = bytesOf(cells, 0, last + 1) - NODE_HEADER
  let left = 0
  for (let i = 0; i <= last; i++) {
    const size = sizeOf(cells, i)
    if (left + size / 2 > total / 2) return i
    left += size
  }
  return last
}

/** A new node with the cells from `from` up to, not including, `to`. */
function build(store: Nodes, cells: Cells, from: number, to: number): Node {
  const { node, place, cell } = cells
  const built = store.create(bytesOf(cells, from, to), node.height)
  for (let i = from; i < to; i++) {
    if (i === place) built.insertCell(i - from, cell, 0)
    else built.insertCell(i - from, node, i < place ? i : i - 1)
  }
  return built
}

/** The node with its first `count` cells only: itself, unless it is larger than it needs to be, or too small. */
function keep(store: Nodes, cells: Cells, count: number): Node {
  const { node, place, cell } = cells
  const isNew = place < count
  if (node.span > 1 || (isNew && bytesOf(cells, 0, count) > node.buf.length))
    return build(store, cells, 0, count)
  if (isNew || count < node.count) node.remove(isNew ? count - 1 : count, node.count)
  if (isNew) node.insertCell(place, cell, 0)
  return node
}

/** Puts `left` in the place of the node at depth `d`, and `right` after it. */
function link(store: Nodes, path: Path, d: number, left: Node, separator: Uint8Array, right: Node): void {
  if (d === 0) {
    const root = store.create(store.pageSize, left.height + 1)
    root.insertChild(0, EMPTY, left.page)
    if (root.insertChild(1, separator, right.page)) {
      path.replace(0, root)
      return
    }
    const size = NODE_HEADER + 2 * 8 + separator.length
    const grown = store.create(size, root.height)
    grown.insertChild(0, EMPTY, left.page)
    grown.insertChild(1, separator, right.page)
    store.free(root)
    path.replace(0, grown)
    return
  }
  const parent = path.node(d - 1)
  const place = path.place(d - 1) + 1
  path.replace(d, left)
  if (parent.insertChild(place, separator, right.page)) {
    parent.lastInsert = place
    return
  }
  const cell = Node.create(0, NODE_HEADER + 8 + separator.length, 1, parent.height, 0)
  cell.insertChild(0, separator, right.page)
  split(store, path, d - 1, place, cell)
}

/** The shortest key that sorts after `left` and not after `right`. */
export function separate(left: Uint8Array, right: Uint8Array): Uint8Array {
  let i = 0
  while (i < left.length && left[i] === right[i]) i++
  return right.slice(0, i + 1)
}
