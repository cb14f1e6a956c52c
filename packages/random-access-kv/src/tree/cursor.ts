// Walking a pinned tree in order, forwards or backwards, between two keys. It gives leaf cells; copying keys and values out
// is left to its user.

import { compare } from '../bytes/bytes.js'
import type { HalfOpen } from '../ranges.js'
import type { Maybe } from '../storage/storage.js'
import type { Node } from './node.js'
import type { Pager } from './pager.js'

export class Cursor {
  /** The leaf that `place` is in; null before `seek` and at the end. */
  leaf: Node | null = null
  place = 0
  readonly #pager: Pager
  readonly #root: number
  readonly #range: HalfOpen
  readonly #reverse: boolean
  readonly #branches: Node[] = []
  readonly #places: number[] = []
  /** Cells of the leaf from here on (in the cursor's direction) are out of the range. */
  #stop = 0

  constructor(pager: Pager, root: number, range: HalfOpen, reverse: boolean) {
    this.#pager = pager
    this.#root = root
    this.#range = range
    this.#reverse = reverse
  }

  /** Goes to the first cell of the range, or of what of it lies at and behind `target`. */
  seek(target: Uint8Array | null): Maybe<void> {
    this.#branches.length = 0
    this.#places.length = 0
    this.leaf = null
    if (this.#root === 0) return undefined
    const landed = this.#down(this.#root, this.#startKey(target), true)
    if (landed instanceof Promise) return landed.then((late) => this.#across(late))
    return this.#across(landed)
  }

  /** The key where the walk begins. Backwards: what comes before it; null for the end of the tree. */
  #startKey(target: Uint8Array | null): Uint8Array | null {
    const { start, end } = this.#range
    if (this.#reverse) return target === null || (end !== null && compare(target, end) > 0) ? end : target
    return target === null || compare(target, start) < 0 ? start : target
  }

  /** Goes on. `leaf` is null at the end. */
  next(): Maybe<void> {
    this.place += this.#reverse ? -1 : 1
    return this.place === this.#stop ? this.#nextLeaf() : undefined
  }

  #nextLeaf(): Maybe<void> {
    const leaf = this.leaf as Node
    this.leaf = null
    const endsHere = this.#reverse ? this.#stop >= 0 : this.#stop < leaf.count
    return this.#across(!endsHere)
  }

  /** From the end of one leaf to the next that has something, if the range `goesOn`. */
  #across(goesOn: boolean): Maybe<void> {
    let more = goesOn
    while (more) {
      const page = this.#nextPage()
      if (page === 0) return undefined
      const landed = this.#down(page, null, false)
      if (landed instanceof Promise) return landed.then((late) => this.#across(late))
      more = landed
    }
    return undefined
  }

  /** The subtree after the one the cursor is in, 0 at the end. */
  #nextPage(): number {
    const step = this.#reverse ? -1 : 1
    for (let d = this.#branches.length - 1; d >= 0; d--) {
      const branch = this.#branches[d] as Node
      const place = (this.#places[d] as number) + step
      if (place < 0 || place >= branch.count) continue
      this.#branches.length = d + 1
      this.#places.length = d + 1
      this.#places[d] = place
      return branch.child(place)
    }
    return 0
  }

  /** From a node to a leaf: to where `key` is if `isSeek`, else to the near end. Returns whether to continue behind it. */
  #down(page: number, key: Uint8Array | null, isSeek: boolean): Maybe<boolean> {
    let next = page
    for (;;) {
      const node = this.#pager.fetch(next)
      if (node instanceof Promise) return node.then((late) => this.#enter(late, key, isSeek))
      if (node.height === 0) return this.#land(node, key, isSeek)
      next = this.#pass(node, key, isSeek)
    }
  }

  #enter(node: Node, key: Uint8Array | null, isSeek: boolean): Maybe<boolean> {
    if (node.height > 0) return this.#down(this.#pass(node, key, isSeek), key, isSeek)
    return this.#land(node, key, isSeek)
  }

  #pass(branch: Node, key: Uint8Array | null, isSeek: boolean): number {
    const nearEnd = this.#reverse ? branch.count - 1 : 0
    const place = isSeek && key !== null ? branch.childFor(key) : nearEnd
    this.#branches.push(branch)
    this.#places.push(place)
    return branch.child(place)
  }

  /** False if the cursor stands on a cell or the range ends here. */
  #land(leaf: Node, key: Uint8Array | null, isSeek: boolean): boolean {
    const { start, end } = this.#range
    const count = leaf.count
    let place = this.#reverse ? count - 1 : 0
    if (isSeek && key !== null) place = this.#reverse ? leaf.indexOf(key) - 1 : leaf.indexOf(key)
    if (this.#reverse) {
      const isInside = count === 0 || compare(leaf.key(0), start) >= 0
      this.#stop = isInside ? -1 : leaf.indexOf(start) - 1
      this.leaf = place > this.#stop ? leaf : null
    } else {
      const isInside = end === null || count === 0 || compare(leaf.key(count - 1), end) < 0
      this.#stop = isInside ? count : leaf.indexOf(end)
      this.leaf = place < this.#stop ? leaf : null
    }
    this.place = place
    return this.leaf === null && this.#stop === (this.#reverse ? -1 : count)
  }
}
