// Range deletes: the leaves in which a range begins and ends are emptied; the subtrees in between are detached, unread. Their pages
// are freed later (merge.ts).

import type { Leftovers } from './leftovers.js'
import type { Nodes } from './nodes.js'
import type { Path } from './path.js'

const EMPTY = new Uint8Array(0)

/** Removes cells of the leaf at the end of a path, with their large values. `key` leads there. */
export function removeCells(
  store: Nodes,
  leftovers: Leftovers,
  path: Path,
  { from, to }: { from: number; to: number },
  key: Uint8Array | null,
): void {
  const leaf = path.writable(path.depth)
  for (let i = from; i < to; i++) if (leaf.isOutOfLine(i)) store.freeValue(leaf.value(i))
  leaf.remove(from, to)
  leftovers.note(leaf, key)
}

/** Empties the leaf of `start` from there on, and detaches what lies between the paths of `start` and `end`. */
export function detachBetween(
  store: Nodes,
  leftovers: Leftovers,
  path: Path,
  start: Uint8Array,
  end: Uint8Array | null,
): void {
  let together = true
  for (let d = 0; d < path.depth; d++) {
    const branch = path.node(d)
    const first = path.place(d)
    // Above the fork the end lies under the same child; below it, everything to the right goes.
    const last = together ? branch.childFor(end) : branch.count
    if (last > first + 1) {
      const writable = path.writable(d)
      for (let i = first + 1; i < last; i++) leftovers.detached.push(writable.child(i))
      writable.remove(first + 1, last)
      leftovers.note(writable, start)
    }
    if (together && last > first) {
      together = false
      detachLeftOf(store, leftovers, path, d, first + 1, end)
    }
  }
  const { leaf } = path
  const from = leaf.indexOf(start)
  const to = !together || end === null ? leaf.count : leaf.indexOf(end)
  if (from < to) removeCells(store, leftovers, path, { from, to }, start)
}

/** Below the fork on the side of `end`, which begins at `place`: everything left of its path goes. */
function detachLeftOf(
  store: Nodes,
  leftovers: Leftovers,
  path: Path,
  depth: number,
  place: number,
  end: Uint8Array | null,
): void {
  const side = path.fork(depth, place)
  for (let at = place; ; side.places.push(at)) {
    const node = store.loaded(side.node(side.depth).child(at))
    side.nodes.push(node)
    if (node.height === 0) break
    at = node.childFor(end)
    if (at === 0) continue
    const writable = side.writable(side.depth)
    for (let i = 0; i < at; i++) leftovers.detached.push(writable.child(i))
    const kept = writable.child(at)
    // The first cell of a branch has the empty key.
    writable.remove(0, at + 1)
    writable.insertChild(0, EMPTY, kept)
    leftovers.note(writable, end)
    at = 0
  }
  path.rejoin(side, depth)
}
