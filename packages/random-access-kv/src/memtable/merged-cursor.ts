// Walking memtables and the tree beneath them as one: of entries with the same key the newest counts, deleted and cleared ones are
// passed over.

import { compare } from '../bytes/bytes.js'
import { nextTurn } from '../event-loop.js'
import type { HalfOpen } from '../ranges.js'
import type { Maybe } from '../storage/storage.js'
import { Cursor } from '../tree/cursor.js'
import type { Node } from '../tree/node.js'
import type { Pager } from '../tree/pager.js'
import { isDeletedAt, type Layer } from './memtable.js'

/** After this many entries that were passed over, other work may run. */
const STEP = 64

export class MergedCursor {
  leaf: Node | null = null
  place = 0
  /** Newest first, the tree last. */
  readonly #sources: Cursor[]
  /** The key that each source stands on; null at its end. */
  readonly #keys: (Uint8Array | null)[] = []
  readonly #layers: readonly Layer[]
  readonly #reverse: boolean
  readonly #hasCleared: boolean
  /** The source that the cursor stands on; its key in `#keys` may be an earlier one. */
  #at = 0
  /** The key of another source at which this one may no longer be the one that counts; null if there is none. */
  #limit: Uint8Array | null = null

  constructor(pager: Pager, root: number, layers: readonly Layer[], range: HalfOpen, reverse: boolean) {
    this.#layers = layers
    this.#reverse = reverse
    this.#hasCleared = layers.some(({ cleared }) => cleared !== 0)
    this.#sources = layers.map(({ memtable, entries }) => new Cursor(memtable.pager, entries, range, reverse))
    this.#sources.push(new Cursor(pager, root, range, reverse))
  }

  seek(target: Uint8Array | null): Maybe<void> {
    this.leaf = null
    let late: Promise<void> | null = null
    for (let i = 0; i < this.#sources.length; i++) {
      const sought = this.#moved(i, (this.#sources[i] as Cursor).seek(target))
      if (sought instanceof Promise) late = sought
    }
    return late === null ? this.#settle() : late.then(() => this.#settle())
  }

  next(): Maybe<void> {
    const source = this.#sources[this.#at] as Cursor
    const next = source.next()
    if (!(next instanceof Promise) && this.#isAlone(source)) {
      this.leaf = source.leaf
      this.place = source.place
      return undefined
    }
    const moved = this.#moved(this.#at, next)
    return moved instanceof Promise ? moved.then(() => this.#settle()) : this.#settle()
  }

  /** Whether the next entry is certainly that of the source on which the cursor stands: most follow one of the same source. */
  #isAlone({ leaf, place }: Cursor): boolean {
    if (leaf === null || this.#hasCleared) return false
    if (this.#limit !== null) {
      const order = leaf.compareKey(place, this.#limit)
      if (this.#reverse ? order <= 0 : order >= 0) return false
    }
    return this.#at === this.#layers.length || !isDeletedAt(leaf, place)
  }

  #advance(i: number): Maybe<void> {
    return this.#moved(i, (this.#sources[i] as Cursor).next())
  }

  #moved(i: number, moved: Maybe<void>): Maybe<void> {
    if (moved instanceof Promise) return moved.then(() => this.#note(i))
    this.#note(i)
    return undefined
  }

  #note(i: number): void {
    const { leaf, place } = this.#sources[i] as Cursor
    this.#keys[i] = leaf === null ? null : leaf.key(place)
  }

  /** Goes on to an entry that counts, from where the sources stand. */
  #settle(): Maybe<void> {
    for (let passes = 1; ; passes++) {
      const first = this.#first()
      if (first < 0) {
        this.leaf = null
        return undefined
      }
      const passed = this.#pass(first)
      if (passed instanceof Promise) return passed.then(() => this.#settle())
      if (passed) {
        // There may be a million of them.
        const turn = passes % STEP === 0 ? nextTurn() : null
        if (turn !== null) return turn.then(() => this.#settle())
        continue
      }
      const { leaf, place } = this.#sources[first] as Cursor
      this.leaf = leaf
      this.place = place
      this.#at = first
      this.#limit = this.#keys[this.#first(first)] ?? null
      return undefined
    }
  }

  /** The source with the next key, of several the newest, of all but `without`; -1 at the end. */
  #first(without = -1): number {
    let first = -1
    for (let i = 0; i < this.#keys.length; i++) {
      const key = this.#keys[i] as Uint8Array | null
      if (key === null || i === without) continue
      if (first >= 0) {
        const order = compare(key, this.#keys[first] as Uint8Array)
        if (this.#reverse ? order <= 0 : order >= 0) continue
      }
      first = i
    }
    return first
  }

  /** Moves sources on that stand on something that does not count. False if there is none. */
  #pass(first: number): Maybe<boolean> {
    const key = this.#keys[first] as Uint8Array
    // Older entries of the same key.
    for (let i = first + 1; i < this.#keys.length; i++) {
      const other = this.#keys[i] as Uint8Array | null
      if (other !== null && compare(other, key) === 0) return this.#passed(this.#advance(i))
    }
    for (let i = 0; i < first; i++) {
      const { memtable, cleared } = this.#layers[i] as Layer
      const range = cleared === 0 ? null : memtable.clearedAround(key, cleared)
      if (range === null) continue
      const source = this.#sources[first] as Cursor
      if (this.#reverse) return this.#passed(this.#moved(first, source.seek(range.start)))
      if (range.end !== null) return this.#passed(this.#moved(first, source.seek(range.end)))
      this.#keys[first] = null
      return true
    }
    const { leaf, place } = this.#sources[first] as Cursor
    if (first === this.#layers.length || !isDeletedAt(leaf as Node, place)) return false
    return this.#passed(this.#advance(first))
  }

  #passed(moved: Maybe<void>): Maybe<boolean> {
    return moved instanceof Promise ? moved.then(() => true) : true
  }
}
