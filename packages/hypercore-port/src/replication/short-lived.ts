// A map for entries that come and go by the million.
//
// A `Map` that many entries come to and leave moves to a new table again and again. V8 lets each table refer to the next one (for iterators).
// Once a table has become old, its collections of young objects keep all tables that follow, and what was in them, until it collects
// the old objects: a flood of requests that were answered at once took 200 MB.

/** After how many deletions the map is copied, at least. */
const FEW = 64

export class ShortLived<Key, Value> implements Iterable<readonly [Key, Value]> {
  #map: Map<Key, Value>
  /** How many entries were deleted since it was copied. */
  #deleted = 0

  constructor(entries?: Iterable<readonly [Key, Value]>) {
    this.#map = new Map(entries)
  }

  get size(): number {
    return this.#map.size
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key)
  }

  set(key: Key, value: Value): void {
    this.#map.set(key, value)
  }

  delete(key: Key): void {
    if (!this.#map.delete(key) || ++this.#deleted < Math.max(FEW, this.#map.size)) return
    this.#map = new Map(this.#map)
    this.#deleted = 0
  }

  [Symbol.iterator](): Iterator<readonly [Key, Value]> {
    return this.#map[Symbol.iterator]()
  }

  /** Those that are there now. What is set or deleted meanwhile may be left out. */
  values(): IterableIterator<Value> {
    return this.#map.values()
  }
}
