// Changing the tree: puts, deletes and range deletes on the current root, with copy-on-write. Everything runs at once and
// cannot fail: `load` has brought the nodes that a change needs into memory before. Splitting full nodes is in split.ts,
// detaching whole subtrees in delete-range.ts; nodes only grow sparse here, merging them is the business of merge.ts.

import { compare } from '../bytes/bytes.js'
import type { Pins } from '../space/pins.js'
import type { Maybe } from '../storage/storage.js'
import { detachBetween, removeCells } from './delete-range.js'
import { Leftovers } from './leftovers.js'
import { NODE_HEADER, Node } from './node.js'
import type { Nodes } from './nodes.js'
import { Path, type Rooted } from './path.js'
import { splitNode } from './split.js'

export class Tree implements Rooted {
  /** Page of the root, 0 if the tree is empty. */
  root: number
  readonly nodes: Nodes
  readonly leftovers: Leftovers
  readonly #pins: Pins
  readonly #path: Path

  constructor(root: number, nodes: Nodes, pins: Pins) {
    this.root = root
    this.nodes = nodes
    this.leftovers = new Leftovers(nodes.sparseBytes)
    this.#pins = pins
    this.#path = new Path(nodes, this)
  }

  /** Brings the nodes from the root to where `key` (null: the greatest) is, or would be, into memory. */
  load(key: Uint8Array | null): Maybe<void> {
    return this.#loadFrom(this.root, key)
  }

  #loadFrom(page: number, key: Uint8Array | null): Maybe<void> {
    let next = page
    while (next !== 0) {
      const node = this.nodes.pager.fetch(next)
      if (node instanceof Promise) {
        return node.then((late) =>
          this.#loadFrom(late.height === 0 ? 0 : late.child(late.childFor(key)), key),
        )
      }
      next = node.height === 0 ? 0 : node.child(node.childFor(key))
    }
    return undefined
  }

  /** The path to the leaf of a key (null: the greatest). Null if the tree is empty. All nodes on it are loaded. */
  pathTo(key: Uint8Array | null): Path | null {
    return this.root === 0 ? null : new Path(this.nodes, this).descend(key)
  }

  /** Says that the tree is about to change, so that later pins are not shared with earlier ones. */
  changing(): void {
    this.#pins.changing()
  }

  /** Stores a value, or the reference to one (`length` is then `OUT_OF_LINE`). */
  put(key: Uint8Array, value: Uint8Array, length: number): void {
    if (this.root === 0) this.plant()
    this.putOn(this.#path.descend(key), key, value, length)
  }

  /** Makes the first leaf of an empty tree. Returns the path to it. */
  plant(): Path {
    this.changing()
    this.root = this.nodes.create(this.nodes.pageSize, 0).page
    return new Path(this.nodes, this).descend(null)
  }

  /** Like `put`, on the path to the leaf of the key. False if the path leads elsewhere now: the leaf was split. */
  putOn(path: Path, key: Uint8Array, value: Uint8Array, length: number): boolean {
    this.changing()
    const leaf = path.writable(path.depth)
    const i = leaf.search(key)
    if (i >= 0) {
      if (leaf.isOutOfLine(i)) this.nodes.freeValue(leaf.value(i))
      if (leaf.replaceValue(i, value, length)) return true
      leaf.remove(i, i + 1)
    }
    const place = i >= 0 ? i : ~i
    if (leaf.insertValue(place, key, value, length)) {
      leaf.lastInsert = place
      return true
    }
    const cell = Node.create(0, NODE_HEADER + 6 + key.length + value.length, 1, 0, 0)
    cell.insertValue(0, key, value, length)
    splitNode(this.nodes, path, place, cell)
    return false
  }

  /** Removes a key, on the path to its leaf. */
  deleteOn(path: Path, key: Uint8Array): void {
    const i = path.leaf.search(key)
    if (i < 0) return
    this.changing()
    removeCells(this.nodes, this.leftovers, path, { from: i, to: i + 1 }, key)
  }

  /** Removes every key from `start` up to, not including, `end` (null: to the last). */
  deleteRange(start: Uint8Array, end: Uint8Array | null): void {
    if (this.root === 0 || (end !== null && compare(start, end) >= 0)) return
    this.changing()
    detachBetween(this.nodes, this.leftovers, this.#path.descend(start), start, end)
    // The leaf where the range ends is another one, or the same again, which is then without effect.
    const path = this.#path.descend(end)
    const { leaf } = path
    const from = leaf.indexOf(start)
    const to = end === null ? leaf.count : leaf.indexOf(end)
    if (from < to) removeCells(this.nodes, this.leftovers, path, { from, to }, end)
  }
}
