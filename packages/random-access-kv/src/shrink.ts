// Merging: nodes that deletes have left sparse are joined with a neighbour, empty ones are unlinked, and subtrees that range
// deletes have cut off are walked and their pages freed. Runs before a checkpoint, one key at a time.

import { NODE_HEADER, type Node } from './node.js'
import type { Maybe } from './storage.js'
import type { Path, Tree } from './tree.js'

const EMPTY = new Uint8Array(0)

/** Merges and frees, at most `limit` nodes. What fails stays to be done. */
export async function shrink(tree: Tree, limit: number): Promise<void> {
  let left = limit
  for (; left > 0 && tree.sparse.length > 0; left--) {
    await mergeAt(tree, tree.sparse[tree.sparse.length - 1] as Uint8Array | null)
    tree.sparse.pop()
  }
  for (; left > 0 && tree.cutOff.length > 0; left--) await freeOneCutOff(tree)
}

/** Frees one node of a subtree that has been cut off, and puts its children on the list. */
async function freeOneCutOff(tree: Tree): Promise<void> {
  const page = tree.cutOff[tree.cutOff.length - 1] as number
  const fetched = tree.pager.cached(page) ?? tree.pager.read(page)
  const node = fetched instanceof Promise ? await fetched : fetched
  tree.cutOff.pop()
  for (let i = 0; i < node.count; i++) {
    if (node.level > 0) tree.cutOff.push(node.child(i))
    else if (node.isOutOfLine(i)) tree.freeValue(node.value(i))
  }
  tree.freeNode(node)
}

/** Merges the sparse nodes on the way to `key` (null: the last key). */
async function mergeAt(tree: Tree, key: Uint8Array | null): Promise<void> {
  tree.pager.hold()
  try {
    await (key === null ? tree.prepareLast() : tree.prepare(key))
    const path = pathTo(tree, key)
    if (path === null) return
    let d = dropEmpty(tree, path)
    for (; d > 0; d--) {
      const node = path.nodes[d] as Node
      if (node.usedBytes < tree.sparseBytes || node.count === 1) await mergeWithNeighbour(tree, path, d)
    }
    collapseRoot(tree)
  } finally {
    tree.pager.unhold()
  }
}

/** The path to the leaf of a key (null: the last key). Null if the tree is empty, or not all of it is in memory. */
export function pathTo(tree: Tree, key: Uint8Array | null): Path | null {
  const path: Path = { nodes: [], places: [] }
  let page = tree.root
  while (page !== 0) {
    const node = tree.pager.cached(page)
    if (node === undefined) return null
    path.nodes.push(node)
    if (node.level === 0) return path
    const place = node.childFor(key)
    path.places.push(place)
    page = node.child(place)
  }
  return null
}

/** Unlinks the leaf if it is empty, with every parent that has no other child. Returns the depth that is left. */
function dropEmpty(tree: Tree, path: Path): number {
  const depth = path.nodes.length - 1
  if ((path.nodes[depth] as Node).count > 0) return depth
  tree.pins.changing()
  let d = depth
  while (d > 0 && (path.nodes[d - 1] as Node).count === 1) d--
  if (d > 0) removeChild(tree.writable(path, d - 1), path.places[d - 1] as number)
  else tree.root = 0
  for (let i = d; i <= depth; i++) tree.freeNode(path.nodes[i] as Node)
  return d - 1
}

function removeChild(branch: Node, place: number): void {
  if (place > 0) {
    branch.remove(place, place + 1)
    return
  }
  // The first cell of a branch has the empty key.
  const first = branch.child(1)
  branch.remove(0, 2)
  branch.insertChild(0, EMPTY, first)
}

async function mergeWithNeighbour(tree: Tree, path: Path, d: number): Promise<void> {
  const parent = path.nodes[d - 1] as Node
  if (parent.count < 2) return
  const place = path.places[d - 1] as number
  const leftPlace = place > 0 ? place - 1 : 0
  const fetched: Maybe<Node> = tree.pager.fetch(parent.child(place > 0 ? leftPlace : 1))
  const other = fetched instanceof Promise ? await fetched : fetched
  const node = path.nodes[d] as Node
  const [left, right] = place > 0 ? [other, node] : [node, other]
  const separator = parent.key(leftPlace + 1).slice()
  const bytes = left.usedBytes + right.usedBytes - NODE_HEADER + (left.level > 0 ? separator.length : 0)
  if (bytes > tree.pager.pageSize) return
  tree.pins.changing()
  const writableParent = tree.writable(path, d - 1)
  const merged = tree.create(1, left.level)
  for (let i = 0; i < left.count; i++) merged.insertCell(i, left, i)
  for (let i = 0; i < right.count; i++) {
    if (i === 0 && right.level > 0) merged.insertChild(left.count, separator, right.child(0))
    else merged.insertCell(left.count + i, right, i)
  }
  writableParent.setChild(leftPlace, merged.page)
  writableParent.remove(leftPlace + 1, leftPlace + 2)
  path.nodes[d] = merged
  path.places[d - 1] = leftPlace
  tree.freeNode(left)
  tree.freeNode(right)
}

/** A root with one child gives way to it. */
function collapseRoot(tree: Tree): void {
  for (;;) {
    const root = tree.root === 0 ? undefined : tree.pager.cached(tree.root)
    if (root === undefined || root.level === 0 || root.count > 1) return
    tree.pins.changing()
    tree.root = root.child(0)
    tree.freeNode(root)
  }
}
