// Splitting: distributing the cells of a full node, and one more, over two nodes, and linking the second into the tree,
// which may split the parent in turn.

import { NODE_HEADER, Node } from './node.js'
import type { Path, Tree } from './tree.js'

const EMPTY = new Uint8Array(0)

/** Distributes a full node and one more cell over two nodes, and links the second. `cell` holds just that cell. */
export function splitNode(tree: Tree, path: Path, d: number, place: number, cell: Node): void {
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
    const grown = tree.create(Math.ceil(bytes / tree.pager.pageSize), level)
    for (let i = 0; i < total; i++) grown.insertCell(i, ...cellAt(i))
    tree.replace(path, d, grown)
    tree.freeNode(node)
    return
  }
  const sequential = place > 0 && node.lastInsert === place - 1
  let m = sequential ? afterSequence(tree, sizes, place) : middle(sizes)
  m = Math.min(Math.max(m, smallest), total - smallest)
  const [left, right] = [build(tree, level, cellAt, sizes, 0, m), build(tree, level, cellAt, sizes, m, total)]
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
  tree.freeNode(node)
  link(tree, path, d, left, separator, right)
}

/** Where to cut when cells come in order: behind the new cell, so that the next one finds room there. */
function afterSequence(tree: Tree, sizes: number[], place: number): number {
  if (place === sizes.length - 1) return place
  let bytes = NODE_HEADER
  for (let i = 0; i <= place; i++) bytes += sizes[i] as number
  return bytes <= tree.pager.pageSize ? place + 1 : place
}

function build(
  tree: Tree,
  level: number,
  cellAt: (i: number) => [Node, number],
  sizes: number[],
  from: number,
  to: number,
): Node {
  let bytes = NODE_HEADER
  for (let i = from; i < to; i++) bytes += sizes[i] as number
  const node = tree.create(Math.ceil(bytes / tree.pager.pageSize), level)
  for (let i = from; i < to; i++) node.insertCell(i - from, ...cellAt(i))
  return node
}

/** Puts `left` in the place of the node at depth `d`, and `right` after it. */
function link(tree: Tree, path: Path, d: number, left: Node, separator: Uint8Array, right: Node): void {
  if (d === 0) {
    const root = tree.create(1, left.level + 1)
    root.insertChild(0, EMPTY, left.page)
    if (root.insertChild(1, separator, right.page)) {
      tree.root = root.page
      return
    }
    const size = NODE_HEADER + 2 * 8 + separator.length
    const grown = tree.create(Math.ceil(size / tree.pager.pageSize), root.level)
    grown.insertChild(0, EMPTY, left.page)
    grown.insertChild(1, separator, right.page)
    tree.freeNode(root)
    tree.root = grown.page
    return
  }
  const parent = path.nodes[d - 1] as Node
  const place = (path.places[d - 1] as number) + 1
  tree.replace(path, d, left)
  if (parent.insertChild(place, separator, right.page)) {
    parent.lastInsert = place
    return
  }
  const cell = Node.create(0, NODE_HEADER + 8 + separator.length, 1, parent.level, 0)
  cell.insertChild(0, separator, right.page)
  splitNode(tree, path, d - 1, place, cell)
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
