// What deletes leave to be done later, before a checkpoint (merge.ts): nodes that have grown sparse, and subtrees that were detached
// whole.

import type { Node } from './node.js'

export class Leftovers {
  /** Keys (null: the end) on whose path a node has grown sparse since the last checkpoint. */
  readonly sparse: (Uint8Array | null)[] = []
  /** Roots of subtrees that a range delete has detached; their pages are still to be freed. */
  readonly detached: number[] = []
  readonly #sparseBytes: number

  /** @param sparseBytes a node with less than this in it is sparse */
  constructor(sparseBytes: number) {
    this.#sparseBytes = sparseBytes
  }

  /** Puts a node on the list if it has grown sparse. `key` leads to it. */
  note(node: Node, key: Uint8Array | null): void {
    if (node.sparse || node.usedBytes >= this.#sparseBytes) return
    node.sparse = true
    this.sparse.push(key === null ? null : key.slice())
  }
}
