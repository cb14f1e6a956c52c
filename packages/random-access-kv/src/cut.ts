// Range deletes: emptying the leaves in which a range begins and ends is up to the tree; the subtrees in between are cut
// off here, unread. Their pages are freed later, by shrink.ts.

import type { Node } from './node.js'
import type { Path, Tree } from './tree.js'

const EMPTY = new Uint8Array(0)

/** Empties the leaf of `start` from there on, and cuts off what lies between the paths of `start` and `end`. */
export function cut(tree: Tree, path: Path, start: Uint8Array, end: Uint8Array | null): void {
  const depth = path.nodes.length - 1
  let together = true
  for (let d = 0; d < depth; d++) {
    const branch = path.nodes[d] as Node
    const first = path.places[d] as number
    // Above the fork the end lies under the same child; below it, everything to the right goes.
    const last = together ? branch.childFor(end) : branch.count
    if (last > first + 1) {
      const writable = tree.writable(path, d)
      for (let i = first + 1; i < last; i++) tree.cutOff.push(writable.child(i))
      writable.remove(first + 1, last)
      tree.noteSparse(writable, start)
    }
    if (together && last > first) {
      together = false
      cutLeftOf(tree, path, d, first + 1, end)
    }
  }
  const leaf = path.nodes[depth] as Node
  const from = leaf.indexOf(start)
  const to = !together || end === null ? leaf.count : leaf.indexOf(end)
  if (from < to) tree.removeCells(path, depth, from, to, start)
}

/** Below the fork on the side of `end`: everything left of its path goes. */
function cutLeftOf(tree: Tree, fork: Path, d: number, place: number, end: Uint8Array | null): void {
  const nodes = fork.nodes.slice(0, d + 1)
  const places = fork.places.slice(0, d)
  const side: Path = { nodes, places }
  let at = place
  for (;;) {
    places.push(at)
    const node = tree.prepared((nodes[nodes.length - 1] as Node).child(at))
    nodes.push(node)
    if (node.level === 0) break
    at = node.childFor(end)
    if (at > 0) {
      const depth = nodes.length - 1
      const writable = tree.writable(side, depth)
      for (let i = 0; i < at; i++) tree.cutOff.push(writable.child(i))
      const kept = writable.child(at)
      // The first cell of a branch has the empty key.
      writable.remove(0, at + 1)
      writable.insertChild(0, EMPTY, kept)
      tree.noteSparse(writable, end)
      at = 0
    }
  }
  // Nodes above the fork may have been copied on the way.
  for (let i = 0; i <= d; i++) fork.nodes[i] = nodes[i] as Node
}
