// Filling a memtable with the changes of a log when a store opens: sorting.ts sorts them by key, and a tree is built over leaves that are
// made later.

import {
  type Change,
  changeAt,
  clearAt,
  isByReference,
  isClear,
  keyEndOf,
  keyOf,
  valueLengthOf,
} from '../commit/changes.js'
import { inSteps, nextTurn } from '../event-loop.js'
import { rootOver } from '../tree/branches.js'
import { LEAF_CELL, NODE_HEADER, REFERENCE, SLOT } from '../tree/node.js'
import { separate } from '../tree/split.js'
import { encodeReference, isLarge, type Reference } from '../tree/values.js'
import type { Memtable } from './memtable.js'
import { Sorting } from './sorting.js'
import { Unmade, type UnmadeLeaf } from './unmade.js'

/** After so many changes, others may get their turn. */
const STEP = 1024
/** After so many large values, others may. */
const LARGE_STEP = 16
/** After so many leaves, others may. */
const LEAF_STEP = 64
const NO_KEY = new Uint8Array(0)

/** A change that has a large value. */
export type LargeChange = Extract<Change, { kind: 'put' | 'putReference' }>

/** What becomes of the large values of a log. */
export interface LargeValues {
  /** Bytes of a page of the store, which decide what values are large. */
  readonly pageSize: number
  /** Takes the value in. */
  readonly keep: (change: LargeChange) => Reference
  /** A later change has replaced or cleared it. */
  readonly drop: (change: LargeChange) => void
}

/**
 * Fills a memtable that has no entries with the changes from `start` on, as many as are sorted together.
 *
 * @param bytes changes, encoded, one after the other; the memtable keeps them
 * @returns where the first change is that was not taken
 */
export async function fill(
  memtable: Memtable,
  bytes: Uint8Array,
  start: number,
  values: LargeValues,
): Promise<number> {
  const sorting = await Sorting.from(bytes, start)
  const filling = new Filling(memtable, bytes, sorting.offsets, values)
  await filling.measure()
  await filling.plant(await sorting.places())
  return sorting.end
}

class Filling {
  readonly #memtable: Memtable
  readonly #bytes: Uint8Array
  readonly #offsets: Uint32Array
  readonly #values: LargeValues
  /** Bytes that each change takes in a leaf, with its slot. */
  readonly #sizes: Uint16Array
  /** Places of changes with large values. */
  readonly #large: number[] = []

  constructor(memtable: Memtable, bytes: Uint8Array, offsets: Uint32Array, values: LargeValues) {
    this.#memtable = memtable
    this.#bytes = bytes
    this.#offsets = offsets
    this.#values = values
    this.#sizes = new Uint16Array(offsets.length)
  }

  /** Looks at each change, in the order of the log, where one is next to the other in memory. */
  async measure(): Promise<void> {
    const bytes = this.#bytes
    const { pageSize } = this.#values
    const { filter } = this.#memtable
    await inSteps(this.#offsets.length, STEP, (from, to) => {
      for (let place = from; place < to; place++) {
        const offset = this.#offsets[place] as number
        if (isClear(bytes, offset)) {
          const { start, end } = clearAt(bytes, offset)
          this.#memtable.clear(start, end)
          continue
        }
        const key = keyOf(offset)
        const keyEnd = keyEndOf(bytes, offset)
        filter.add(bytes, key, keyEnd)
        const value = valueLengthOf(bytes, offset)
        const isOutside = isByReference(bytes, offset) || isLarge(keyEnd - key, value, pageSize)
        if (isOutside) this.#large.push(place)
        this.#sizes[place] = SLOT + LEAF_CELL + keyEnd - key + (isOutside || value < 0 ? REFERENCE : value)
      }
    })
  }

  /** Builds the tree. `places` are those of the changes that count, in the order of their keys. */
  async plant(places: Uint32Array): Promise<void> {
    const { entries, pins, space } = this.#memtable
    const { nodes } = entries
    const references = await this.#takeLarge(places)
    if (places.length === 0) return
    const offsets = new Uint32Array(places.length)
    let size = 0
    await inSteps(places.length, STEP, (from, to) => {
      for (let i = from; i < to; i++) {
        offsets[i] = this.#offsets[places[i] as number] as number
        size += this.#sizeOf(places, i)
      }
    })
    const unmade = new Unmade({ bytes: this.#bytes, offsets, references }, nodes.pageSize, pins.epoch)
    const pages: number[] = []
    const starts: Uint8Array[] = []
    for (let from = 0; from < places.length; ) {
      const leaf = this.#leafFrom(places, from, nodes.pageSize)
      const page = space.allocate(leaf.span)
      unmade.add(page, leaf)
      pages.push(page)
      starts.push(from === 0 ? NO_KEY : separate(this.#key(offsets, from - 1), this.#key(offsets, from)))
      from = leaf.to
      if (pages.length % STEP === 0) await nextTurn()
    }
    this.#memtable.adopt(rootOver(nodes, { pages, starts }), unmade, places.length)
    // The log is kept for its leaves. If it has much else, they are made now.
    if (size >= this.#bytes.length / 2) return
    await inSteps(pages.length, LEAF_STEP, (from, to) => {
      for (const page of pages.slice(from, to)) nodes.loaded(page)
    })
  }

  /** As many changes as a node has room for, and one at least. */
  #leafFrom(places: Uint32Array, from: number, nodeSize: number): UnmadeLeaf {
    let size = NODE_HEADER + this.#sizeOf(places, from)
    let to = from + 1
    for (; to < places.length && size + this.#sizeOf(places, to) <= nodeSize; to++) {
      size += this.#sizeOf(places, to)
    }
    return { from, to, span: Math.ceil(size / nodeSize) }
  }

  #sizeOf(places: Uint32Array, i: number): number {
    return this.#sizes[places[i] as number] as number
  }

  #key(offsets: Uint32Array, i: number): Uint8Array {
    const offset = offsets[i] as number
    return this.#bytes.subarray(keyOf(offset), keyEndOf(this.#bytes, offset))
  }

  /** Takes in the large values of the changes that count. Returns the references to them, by the offsets of the changes. */
  async #takeLarge(places: Uint32Array): Promise<Map<number, Uint8Array>> {
    const references = new Map<number, Uint8Array>()
    if (this.#large.length === 0) return references
    const { keep, drop, pageSize } = this.#values
    const stays = new Uint8Array(this.#offsets.length)
    for (const place of places) stays[place] = 1
    await inSteps(this.#large.length, LARGE_STEP, (from, to) => {
      for (const place of this.#large.slice(from, to)) {
        const offset = this.#offsets[place] as number
        const change = changeAt(this.#bytes, offset) as LargeChange
        if (stays[place] === 0) drop(change)
        else {
          const reference = keep(change)
          references.set(offset, encodeReference(reference))
          this.#memtable.values.set(reference.page, Math.ceil(reference.length / pageSize))
        }
      }
    })
    return references
  }
}
