// The way from the root to a leaf, along which a change is made. It keeps parents and root up to date when a node on it is replaced.

import type { Node } from './node.js'
import type { Nodes } from './nodes.js'

/** What holds the page of the root, 0 if there is none. */
export interface Rooted {
  root: number
}

export class Path {
  /** From the root down. */
  readonly nodes: Node[] = []
  /** The place of each child in its parent. */
  readonly places: number[] = []
  readonly #store: Nodes
  readonly #tree: Rooted

  constructor(store: Nodes, tree: Rooted) {
    this.#store = store
    this.#tree = tree
  }

  /** The depth of the leaf. */
  get depth(): number {
    return this.nodes.length - 1
  }

  get leaf(): Node {
    return this.node(this.depth)
  }

  node(depth: number): Node {
    return this.nodes[depth] as Node
  }

  /** The place, in the node at `depth`, of the child that the path goes to. */
  place(depth: number): number {
    return this.places[depth] as number
  }

  /** Goes down to the leaf of `key` (null: the last). All nodes on the way are loaded. */
  descend(key: Uint8Array | null): this {
    const { nodes, places } = this
    let node = this.#store.loaded(this.#tree.root)
    let depth = 0
    for (; node.height > 0; depth++) {
      const place = node.childFor(key)
      nodes[depth] = node
      places[depth] = place
      node = this.#store.loaded(node.child(place))
    }
    nodes[depth] = node
    // Emptying the arrays instead would give up their memory for every key.
    if (nodes.length > depth + 1) nodes.length = depth + 1
    if (places.length > depth) places.length = depth
    return this
  }

  /** The key at which the next leaf begins; null if this is the last. */
  get end(): Uint8Array | null {
    for (let d = this.depth - 1; d >= 0; d--) {
      const branch = this.node(d)
      const place = this.place(d) + 1
      if (place < branch.count) return branch.key(place).slice()
    }
    return null
  }

  /** A path with the nodes down to `depth`, which goes on to the child at `place`. */
  fork(depth: number, place: number): Path {
    const side = new Path(this.#store, this.#tree)
    side.nodes.push(...this.nodes.slice(0, depth + 1))
    side.places.push(...this.places.slice(0, depth), place)
    return side
  }

  /** Takes the nodes down to `depth` from a fork, on which they may have been copied. */
  rejoin(side: Path, depth: number): void {
    for (let d = 0; d <= depth; d++) this.nodes[d] = side.node(d)
  }

  /** Makes the node at `depth` one that may be changed: it and its parents are copied if others see them. */
  writable(depth: number): Node {
    for (let d = 0; d <= depth; d++) {
      const node = this.node(d)
      const writable = this.#store.writable(node)
      if (writable !== node) this.replace(d, writable)
    }
    return this.node(depth)
  }

  /** Puts another node in the place of the one at `depth`; its parent may be changed. */
  replace(depth: number, node: Node): void {
    this.nodes[depth] = node
    if (depth === 0) this.#tree.root = node.page
    else this.node(depth - 1).setChild(this.place(depth - 1), node.page)
  }
}
