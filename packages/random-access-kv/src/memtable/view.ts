// The store as it is at one moment: a tree, and the memtables above it, newest first. Kept until it is released.

import type { Engine } from '../engine.js'
import type { HalfOpen } from '../ranges.js'
import { Cursor } from '../tree/cursor.js'
import type { Cell, Layer } from './memtable.js'
import { MergedCursor } from './merged-cursor.js'

export type AnyCursor = Cursor | MergedCursor

export class View {
  readonly engine: Engine
  /** Page of the tree's root, 0 if it is empty. */
  readonly root: number
  readonly layers: readonly Layer[]
  readonly #release: () => void
  #users = 1

  constructor(engine: Engine, root: number, layers: readonly Layer[], release: () => void) {
    this.engine = engine
    this.root = root
    this.layers = layers
    this.#release = release
  }

  /** One more user, who is to release it, too. */
  share(): this {
    this.#users++
    return this
  }

  release(): void {
    if (--this.#users === 0) this.#release()
  }

  get isReleased(): boolean {
    return this.#users === 0
  }

  /** Whether both see the same. Both are open, or one of them is what the store is now. */
  equals(root: number, layers: readonly Layer[]): boolean {
    return (
      this.root === root &&
      this.layers.length === layers.length &&
      this.layers.every((layer, i) => {
        const other = layers[i] as Layer
        return (
          layer.memtable === other.memtable &&
          layer.entries === other.entries &&
          layer.cleared === other.cleared
        )
      })
    )
  }

  /** What the memtables know of a key: where its entry is, null if it is gone, undefined if they know nothing. */
  find(key: Uint8Array): Cell | null | undefined {
    for (const { memtable, entries, cleared } of this.layers) {
      const cell = memtable.find(key, entries, cleared)
      if (cell !== undefined) return cell
    }
    return undefined
  }

  /** Walks the entries of a range. */
  cursor(range: HalfOpen, reverse: boolean): AnyCursor {
    const { pager } = this.engine
    const layers = this.layers.filter(({ entries, cleared }) => entries !== 0 || cleared !== 0)
    if (layers.length === 0) return new Cursor(pager, this.root, range, reverse)
    return new MergedCursor(pager, this.root, layers, range, reverse)
  }
}
