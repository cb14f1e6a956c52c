// Leaves of a memtable that was filled from the log. Each is made when it is first needed: most are needed by the next checkpoint only, and
// a store that opens does not wait for it.

import { changeAt } from '../commit/changes.js'
import { Node, OUT_OF_LINE, REFERENCE } from '../tree/node.js'

/** A key that was deleted: the reference to a value on page 0, where no value is. */
export const DELETED: Uint8Array = new Uint8Array(REFERENCE)

/** What the leaves are made of. */
export interface LoggedChanges {
  /** Changes, encoded. */
  readonly bytes: Uint8Array
  /** Where they are, in the order of their keys. No two have the same key. */
  readonly offsets: Uint32Array
  /** By offset: the references to large values. */
  readonly references: ReadonlyMap<number, Uint8Array>
}

export interface UnmadeLeaf {
  /** Its changes, by their places in `offsets`. The end is not included. */
  readonly from: number
  readonly to: number
  /** Pages that it takes. */
  readonly span: number
}

const NOTHING: LoggedChanges = {
  bytes: new Uint8Array(0),
  offsets: new Uint32Array(0),
  references: new Map(),
}

export class Unmade {
  #changes: LoggedChanges
  readonly #pageSize: number
  /** The epoch in which all leaves are born. */
  readonly born: number
  /** By page. */
  readonly #leaves = new Map<number, UnmadeLeaf>()

  constructor(changes: LoggedChanges, pageSize: number, born: number) {
    this.#changes = changes
    this.#pageSize = pageSize
    this.born = born
  }

  /** Bytes of memory. */
  get bytes(): number {
    const { bytes, offsets } = this.#changes
    return bytes.length + offsets.byteLength
  }

  add(page: number, leaf: UnmadeLeaf): void {
    this.#leaves.set(page, leaf)
  }

  /** Makes the leaf on a page. Undefined if there is none that was not made yet. */
  make(page: number): Node | undefined {
    const leaf = this.#leaves.get(page)
    if (leaf === undefined) return undefined
    const { from, to, span } = leaf
    const node = Node.create(page, span * this.#pageSize, span, 0, this.born)
    for (let i = from; i < to; i++) this.#insert(node, i - from, this.#changes.offsets[i] as number)
    this.forget(page)
    return node
  }

  /** The leaf on a page if it was not made yet. */
  leaf(page: number): UnmadeLeaf | undefined {
    return this.#leaves.get(page)
  }

  /** The references to large values that a leaf has. */
  referencesIn({ from, to }: UnmadeLeaf): Uint8Array[] {
    const { offsets, references } = this.#changes
    if (references.size === 0) return []
    return [...offsets.subarray(from, to)].flatMap((offset) => references.get(offset) ?? [])
  }

  /** The leaf on a page, if there is one, is not needed any longer. */
  forget(page: number): void {
    if (this.#leaves.delete(page) && this.#leaves.size === 0) this.#changes = NOTHING
  }

  #insert(leaf: Node, place: number, offset: number): void {
    const { bytes, references } = this.#changes
    const change = changeAt(bytes, offset) as { key: Uint8Array; value?: Uint8Array }
    const { key, value } = change
    const reference = references.get(offset)
    if (reference === undefined && value !== undefined) leaf.insertValue(place, key, value, value.length)
    else leaf.insertValue(place, key, reference ?? DELETED, OUT_OF_LINE)
  }
}
