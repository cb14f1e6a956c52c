// The changes of commits since the last checkpoint: entries, deletions and cleared ranges, in memory, in the order of keys. The log has
// all of them. A checkpoint freezes the memtable and flushes it into the tree (checkpoint/flush.ts).
//
// A memtable consists of two trees that are never written: the entries by key, and the cleared ranges by their first key. Ranges are
// disjoint; a key in a range without an entry is deleted. As in the tree on the storage, nodes that a snapshot sees are copied before they
// change.

import { compare } from '../bytes/bytes.js'
import { type Pin, Pins } from '../space/pins.js'
import { type Extent, Space } from '../space/space.js'
import { Cursor } from '../tree/cursor.js'
import { type Node, OUT_OF_LINE } from '../tree/node.js'
import { Tree } from '../tree/tree.js'
import { decodeReference } from '../tree/values.js'
import { Filter } from './filter.js'
import { MemoryNodes, MemoryPager } from './in-memory.js'
import { DELETED, type Unmade } from './unmade.js'

const NO_KEY = new Uint8Array(0)
const ALL = { start: NO_KEY, end: null }
/** The filter has one bit for this many bytes of `logSize`, about ten for an entry of 100 bytes, and at most `MOST_BITS`. */
const BYTES_PER_BIT = 12
const MOST_BITS = 1 << 24

/** A range of keys that was removed: from `start` up to, not including, `end` (null: to the last). */
export interface Cleared {
  readonly start: Uint8Array
  readonly end: Uint8Array | null
}

/** Where an entry is. */
export interface Cell {
  readonly leaf: Node
  readonly place: number
}

/** A memtable at one moment. */
export interface Layer {
  readonly memtable: Memtable
  /** Pages of the roots, 0 if there is nothing. */
  readonly entries: number
  readonly cleared: number
}

export class Memtable {
  readonly pins: Pins
  readonly pager: MemoryPager
  readonly entries: Tree
  readonly cleared: Tree
  /** Whether the log refers to values that it does not hold. Their pages may be in the tree once only. */
  hasReferences = false
  /** Which keys have entries, or had. */
  readonly filter: Filter
  readonly space = new Space(1)
  /** How many changes were made. */
  changes = 0
  /** Large values of entries, by their first page: nothing but the log and this memtable refers to them. */
  readonly values = new Map<number, number>()

  /**
   * @param logSize about how many bytes of log will be in it
   * @param freeValue called when an entry with a large value is no longer needed
   */
  constructor(logSize: number, freeValue: (reference: Uint8Array) => void) {
    this.filter = new Filter(Math.min(MOST_BITS, 2 ** Math.ceil(Math.log2(8 + logSize / BYTES_PER_BIT))))
    this.pager = new MemoryPager()
    this.pins = new Pins((extent) => {
      this.space.release(extent.page, extent.count)
      this.pager.drop(extent.page)
    })
    const nodes = new MemoryNodes(this.pager, this.pins, this.space)
    nodes.onFreeValue = (reference) => {
      if (isDeleted(reference)) return
      this.values.delete(decodeReference(reference).page)
      freeValue(reference)
    }
    this.entries = new Tree(0, nodes, this.pins)
    this.cleared = new Tree(0, new MemoryNodes(this.pager, this.pins, this.space), this.pins)
  }

  /** Bytes of memory. */
  get bytes(): number {
    return this.pager.bytes + (this.pager.unmade?.bytes ?? 0)
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.#changing(key)
    this.entries.put(key, value, value.length)
  }

  /** Stores a large value that has its pages already. */
  putReference(key: Uint8Array, reference: Uint8Array, { page, count }: Extent): void {
    this.#changing(key)
    this.entries.put(key, reference, OUT_OF_LINE)
    this.values.set(page, count)
  }

  delete(key: Uint8Array): void {
    this.#changing(key)
    this.entries.put(key, DELETED, OUT_OF_LINE)
  }

  #changing(key: Uint8Array): void {
    this.changes++
    this.filter.add(key)
  }

  /** Whether it has no entries. It may have cleared ranges. */
  get isEmpty(): boolean {
    return this.entries.root === 0
  }

  /** Takes in a tree whose leaves are made when they are needed. There are no entries yet. */
  adopt(root: number, unmade: Unmade, count: number): void {
    this.entries.changing()
    this.entries.root = root
    this.pager.unmade = unmade
    this.changes += count
  }

  /** Removes every key from `start` up to, not including, `end` (null: to the last). */
  clear(start: Uint8Array, end: Uint8Array | null): void {
    if (end !== null && compare(start, end) >= 0) return
    this.changes++
    this.entries.deleteRange(start, end)
    this.#dropDetached(this.entries)
    this.#mark(start, end)
  }

  /** Frees what a range delete has detached, with its values. */
  #dropDetached({ nodes, leftovers }: Tree): void {
    const { detached, sparse } = leftovers
    // Sparse nodes are not worth merging.
    sparse.length = 0
    for (let page = detached.pop(); page !== undefined; page = detached.pop()) {
      const { unmade } = this.pager
      const leaf = unmade?.leaf(page)
      if (unmade !== null && leaf !== undefined) {
        for (const reference of unmade.referencesIn(leaf)) nodes.freeValue(reference)
        this.pins.free({ page, count: leaf.span }, unmade.born, false)
        continue
      }
      const node = nodes.loaded(page)
      for (let i = 0; i < node.count; i++) {
        if (node.height > 0) detached.push(node.child(i))
        else if (node.isOutOfLine(i)) nodes.freeValue(node.value(i))
      }
      nodes.free(node)
    }
  }

  /** Adds a range to the cleared ones, joined with those that it overlaps or touches. */
  #mark(start: Uint8Array, end: Uint8Array | null): void {
    let from = start
    let to = end
    const before = this.#rangeBefore(this.cleared.root, start)
    if (before !== null && (before.end === null || compare(before.end, start) >= 0)) {
      from = before.start
      if (before.end === null || (to !== null && compare(before.end, to) > 0)) to = before.end
    }
    const last = to === null ? null : this.#rangeBefore(this.cleared.root, to)
    if (last !== null && to !== null && (last.end === null || compare(last.end, to) > 0)) to = last.end
    this.cleared.deleteRange(from, to)
    this.#dropDetached(this.cleared)
    const bytes = new Uint8Array(to === null ? 1 : to.length + 1)
    if (to !== null) {
      bytes[0] = 1
      bytes.set(to, 1)
    }
    this.cleared.put(from, bytes, bytes.length)
  }

  /** The last cleared range that starts at or before `key`. */
  #rangeBefore(root: number, key: Uint8Array): Cleared | null {
    let page = root
    let left = 0
    while (page !== 0) {
      const node = this.cleared.nodes.loaded(page)
      if (node.height > 0) {
        const place = node.childFor(key)
        if (place > 0) left = node.child(place - 1)
        page = node.child(place)
        continue
      }
      const i = node.search(key)
      const place = i >= 0 ? i : ~i - 1
      if (place >= 0) return rangeIn(node, place)
      break
    }
    // The leaf begins behind the key: the range is the last one of the subtree on the left.
    for (page = left; page !== 0; ) {
      const node = this.cleared.nodes.loaded(page)
      if (node.height === 0) return node.count === 0 ? null : rangeIn(node, node.count - 1)
      page = node.child(node.count - 1)
    }
    return null
  }

  /** The layer as it is now. */
  get now(): Layer {
    return { memtable: this, entries: this.entries.root, cleared: this.cleared.root }
  }

  pin(): Pin {
    return this.pins.acquire(this.entries.root)
  }

  /** The entry of a key; null if the key is deleted; undefined if nothing is known of it. */
  find(key: Uint8Array, entries = this.entries.root, cleared = this.cleared.root): Cell | null | undefined {
    let page = this.filter.mayHave(key) ? entries : 0
    while (page !== 0) {
      const node = this.entries.nodes.loaded(page)
      if (node.height > 0) {
        page = node.child(node.childFor(key))
        continue
      }
      const place = node.search(key)
      if (place < 0) break
      return isDeletedAt(node, place) ? null : { leaf: node, place }
    }
    return cleared !== 0 && this.clearedAround(key, cleared) !== null ? null : undefined
  }

  /** The cleared range that a key lies in. */
  clearedAround(key: Uint8Array, root = this.cleared.root): Cleared | null {
    const range = this.#rangeBefore(root, key)
    return range !== null && (range.end === null || compare(key, range.end) < 0) ? range : null
  }

  /** The cleared ranges, in order. */
  *ranges(): Generator<Cleared, undefined> {
    const cursor = new Cursor(this.pager, this.cleared.root, ALL, false)
    cursor.seek(null)
    while (cursor.leaf !== null) {
      yield rangeIn(cursor.leaf, cursor.place)
      cursor.next()
    }
    return undefined
  }

  /** Walks the entries, those that stand for deleted keys included. */
  cursor(root = this.entries.root): Cursor {
    return new Cursor(this.pager, root, ALL, false)
  }
}

function rangeIn(leaf: Node, place: number): Cleared {
  const value = leaf.value(place)
  return { start: leaf.key(place).slice(), end: value[0] === 0 ? null : value.slice(1) }
}

function isDeleted(reference: Uint8Array): boolean {
  return decodeReference(reference).page === 0
}

/** Whether the entry of a memtable stands for a deleted key. */
export function isDeletedAt(leaf: Node, place: number): boolean {
  return leaf.isOutOfLine(place) && isDeleted(leaf.value(place))
}
