// The discovery keys that the store was asked for and does not have, in short lists by their first bytes. A look-up reads one list, whatever
// keys a peer makes up.

import { KeyList } from './key-list.js'

/** How many keys a list holds. */
const EACH = 16

/**
 * A set of discovery keys that holds up to `limit` of them. A list that is full forgets the key that was not asked for in the longest time.
 * With hashes, that begins when half of the limit is held.
 */
export class UnknownKeys {
  readonly #each: number
  readonly #count: number
  readonly #lists: KeyList[] = []

  constructor(limit: number) {
    this.#each = Math.min(limit, EACH)
    this.#count = Math.max(1, Math.floor(limit / EACH))
  }

  /** Whether it holds `discoveryKey`, which then counts as the latest request. */
  has(discoveryKey: Uint8Array): boolean {
    const had = this.delete(discoveryKey)
    if (had) this.add(discoveryKey)
    return had
  }

  add(discoveryKey: Uint8Array): void {
    if (this.#each === 0) return
    this.delete(discoveryKey)
    const index = this.#listOf(discoveryKey)
    const list = this.#lists[index] ?? new KeyList(this.#each)
    this.#lists[index] = list
    if (list.isFull) list.remove(0)
    list.push(discoveryKey)
  }

  /** @returns whether it held `discoveryKey` */
  delete(discoveryKey: Uint8Array): boolean {
    const list = this.#lists[this.#listOf(discoveryKey)]
    const index = list?.indexOf(discoveryKey) ?? -1
    if (index === -1) return false
    list?.remove(index)
    return true
  }

  /** Discovery keys are hashes, so their first two bytes spread them evenly, over at most 65,536 lists (32 MB). */
  #listOf([first = 0, second = 0]: Uint8Array): number {
    return (first * 256 + second) % this.#count
  }
}
