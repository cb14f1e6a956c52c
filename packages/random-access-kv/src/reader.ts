// Reading a key: in the memtables, then in the tree, now or in a view. Iterators have cursors of their own (memtable/view.ts).

import { copyOf } from './bytes/bytes.js'
import type { Engine } from './engine.js'
import { nextTurn } from './event-loop.js'
import type { Cell } from './memtable/memtable.js'
import type { View } from './memtable/view.js'
import type { Maybe } from './storage/storage.js'
import type { Node } from './tree/node.js'
import { decodeReference, MAX_LOGGED, type Reference, readValue } from './tree/values.js'

export class Reader {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** The current values of keys, null for keys that do not exist. The keys do not change meanwhile. */
  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | null)[]> {
    const view = this.#engine.view()
    try {
      return await this.lookupMany(view, keys)
    } finally {
      view.release()
    }
  }

  /** The values of keys in a view. */
  async lookupMany(view: View, keys: readonly Uint8Array[]): Promise<(Uint8Array | null)[]> {
    const values: Maybe<Uint8Array | null>[] = []
    for (const key of keys) {
      const value = this.lookup(view, key)
      // An error is reported below.
      if (value instanceof Promise) value.catch(() => {})
      values.push(value)
      // Values may be large.
      await nextTurn()
    }
    return Promise.all(values)
  }

  /** Looks a key up in the memtables. Returns where its entry is, null if the key was deleted, undefined if they do not contain it. */
  #recently(key: Uint8Array): Cell | null | undefined {
    const { recent, frozen } = this.#engine
    const found = recent.find(key)
    return found !== undefined || frozen === null ? found : frozen.find(key)
  }

  /** The value of `key`, null if it does not exist. Not a promise if the storage answers immediately. */
  get(key: Uint8Array): Maybe<Uint8Array | null> {
    const { before, tree, pins } = this.#engine
    if (before !== null) return this.#getFrom(before.share(), key)
    const cell = this.#recently(key)
    if (cell === null) return null
    const found = cell === undefined ? this.#lookup(tree.root, key) : this.valueAt(cell.leaf, cell.place)
    if (!(found instanceof Promise)) return found
    // Writes continue during the read. The pin prevents the reuse of the pages that it needs.
    const pin = pins.acquire(tree.root)
    return found.finally(() => pins.release(pin))
  }

  async #getFrom(view: View, key: Uint8Array): Promise<Uint8Array | null> {
    try {
      return await this.lookup(view, key)
    } finally {
      view.release()
    }
  }

  /** The value of `key` in a view. */
  lookup(view: View, key: Uint8Array): Maybe<Uint8Array | null> {
    const cell = view.find(key)
    if (cell === undefined) return this.#lookup(view.root, key)
    return cell === null ? null : this.valueAt(cell.leaf, cell.place)
  }

  /** The value of `key` in the tree under `root`, which is pinned if the answer may be late. */
  #lookup(root: number, key: Uint8Array): Maybe<Uint8Array | null> {
    let page = root
    while (page !== 0) {
      const node = this.#engine.pager.fetch(page)
      if (node instanceof Promise) {
        // The caller may change its bytes meanwhile.
        const own = copyOf(key)
        return node.then((late) => this.#lookupIn(late, own))
      }
      if (node.height === 0) return this.#valueOf(node, key)
      page = node.child(node.childFor(key))
    }
    return null
  }

  /** Like `get`, but only from memory; undefined if I/O would be needed. */
  peek(key: Uint8Array): Uint8Array | null | undefined {
    const { before, tree } = this.#engine
    if (before !== null) return this.peekIn(before, key)
    return this.#peekAt(this.#recently(key), tree.root, key)
  }

  /** Like `lookup`, but only from memory. */
  peekIn(view: View, key: Uint8Array): Uint8Array | null | undefined {
    return this.#peekAt(view.find(key), view.root, key)
  }

  #peekAt(cell: Cell | null | undefined, root: number, key: Uint8Array): Uint8Array | null | undefined {
    if (cell === null) return null
    if (cell !== undefined) return this.#peekCell(cell.leaf, cell.place)
    let page = root
    while (page !== 0) {
      const node = this.#engine.pager.cached(page)
      if (node === undefined) return undefined
      if (node.height > 0) {
        page = node.child(node.childFor(key))
        continue
      }
      const i = node.search(key)
      return i < 0 ? null : this.#peekCell(node, i)
    }
    return null
  }

  #peekCell(leaf: Node, i: number): Uint8Array | undefined {
    return leaf.isOutOfLine(i) ? this.#peekValue(leaf.value(i)) : copyOf(leaf.value(i))
  }

  #peekValue(bytes: Uint8Array): Uint8Array | undefined {
    const { page, length } = decodeReference(bytes)
    const cached = length > MAX_LOGGED ? undefined : this.#engine.pager.cachedValue(page)
    return cached === undefined ? undefined : copyOf(cached.value)
  }

  #lookupIn(node: Node, key: Uint8Array): Maybe<Uint8Array | null> {
    return node.height === 0 ? this.#valueOf(node, key) : this.#lookup(node.child(node.childFor(key)), key)
  }

  #valueOf(leaf: Node, key: Uint8Array): Maybe<Uint8Array | null> {
    const i = leaf.search(key)
    return i < 0 ? null : this.valueAt(leaf, i)
  }

  /** Bytes of the value in cell `i` of a leaf, wherever it is stored. */
  lengthAt(leaf: Node, i: number): number {
    const value = leaf.value(i)
    return leaf.isOutOfLine(i) ? decodeReference(value).length : value.length
  }

  /** A copy of the value in cell `i` of a leaf, wherever it is stored. */
  valueAt(leaf: Node, i: number): Maybe<Uint8Array> {
    const value = leaf.value(i)
    if (!leaf.isOutOfLine(i)) return copyOf(value)
    const reference = decodeReference(value)
    if (reference.length > MAX_LOGGED) return this.readLarge(reference)
    const fetched = this.#engine.pager.fetchValue(reference)
    return fetched instanceof Promise ? fetched.then((late) => copyOf(late.value)) : copyOf(fetched.value)
  }

  /** Reads a value that is not kept in the cache. */
  readLarge(reference: Reference): Maybe<Uint8Array> {
    const { unsynced, disk, pageSize } = this.#engine
    const kept = unsynced.get(reference.page)
    return kept === undefined ? readValue(disk, pageSize, reference) : copyOf(kept)
  }
}
