// Merging: nodes that deletes have left sparse are joined with a neighbour, empty ones are unlinked, and subtrees that range
// deletes have detached are walked and their pages freed. Runs before a checkpoint, one key at a time.

import type { Maybe } from '../storage/storage.js'
import { NODE_HEADER, type Node } from './node.js'
import type { Path } from './path.js'
import type { Tree } from './tree.js'

const EMPTY = new Uint8Array(0)

/** Merges and frees, at most `limit` nodes. What fails stays to be done. */
export async function mergeSparse(tree: Tree, limit: number): Promise<void> {
  const { sparse, detached } = tree.leftovers
  let left = limit
  for (; left > 0 && sparse.length > 0; left--) {
    await mergeAt(tree, sparse[sparse.length - 1] as Uint8Array | null)
    sparse.pop()
  }
  for (; left > 0 && detached.length > 0; left--) await freeOneDetached(tree)
}

/** Frees one node of a subtree that has been detached, and puts its children on the list. */
async function freeOneDetached({ nodes, leftovers }: Tree): Promise<void> {
  const { detached } = leftovers
  const page = detached[detached.length - 1] as number
  const fetched = nodes.pager.cached(page) ?? nodes.pager.read(page)
  const node = fetched instanceof Promise ? await fetched : fetched
  detached.pop()
  for (let i = 0; i < node.count; i++) {
    if (node.height > 0) detached.push(node.child(i))
    else if (node.isOutOfLine(i)) nodes.freeValue(node.value(i))
  }
  nodes.free(node)
}

/** Merges the sparse nodes on the way to `key` (null: the last key). */
async function mergeAt(tree: Tree, key: Uint8Array | null): Promise<void> {
  tree.nodes.pager.hold()
  try {
    await tree.load(key)
    const path = tree.pathTo(key)
    if (path === null) return
    let d = dropEmpty(tree, path)
    for (; d > 0; d--) {
      const node = path.node(d)
      if (node.usedBytes < tree.nodes.sparseBytes || node.count === 1) await mergeWithNeighbour(tree, path, d)
    }
    collapseRoot(tree)
  } finally {
    tree.nodes.pager.unhold()
  }
}

/** Unlinks the leaf if it is empty, with every parent that has no other child. Returns the depth that is left. */
function dropEmpty(tree: Tree, path: Path): number {
  const { depth } = path
  if (path.leaf.count > 0) return depth
  tree.changing()
  let d = depth
  while (d > 0 && path.node(d - 1).count === 1) d--
  if (d > 0) removeChild(path.writable(d - 1), path.place(d - 1))
  else tree.root = 0
  for (let i = d; i <= depth; i++) tree.nodes.free(path.node(i))
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
  const parent = path.node(d - 1)
  if (parent.count < 2) return
  const place = path.place(d - 1)
  const leftPlace = place > 0 ? place - 1 : 0
  const fetched: Maybe<Node> = tree.nodes.pager.fetch(parent.child(place > 0 ? leftPlace : 1))
  const other = fetched instanceof Promise ? await fetched : fetched
  const node = path.node(d)
  const [left, right] = place > 0 ? [other, node] : [node, other]
  const separator = parent.key(leftPlace + 1).slice()
  const bytes = left.usedBytes + right.usedBytes - NODE_HEADER + (left.height > 0 ? separator.length : 0)
  if (bytes > tree.nodes.pageSize) return
  tree.changing()
  const writableParent = path.writable(d - 1)
  const merged = tree.nodes.create(tree.nodes.pageSize, left.height)
  for (let i = 0; i < left.count; i++) merged.insertCell(i, left, i)
  for (let i = 0; i < right.count; i++) {
    if (i === 0 && right.height > 0) merged.insertChild(left.count, separator, right.child(0))
    else merged.insertCell(left.count + i, right, i)
  }
  writableParent.setChild(leftPlace, merged.page)
  writableParent.remove(leftPlace + 1, leftPlace + 2)
  path.nodes[d] = merged
  path.places[d - 1] = leftPlace
  tree.nodes.free(left)
  tree.nodes.free(right)
}

/** A root with one child gives way to it. */
function collapseRoot(tree: Tree): void {
  for (;;) {
    const root = tree.root === 0 ? undefined : tree.nodes.pager.cached(tree.root)
    if (root === undefined || root.height === 0 || root.count > 1) return
    tree.changing()
    tree.root = root.child(0)
    tree.nodes.free(root)
  }
}
