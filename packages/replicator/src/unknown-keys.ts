// The requested discovery keys that the store does not have, up to a limit.

import { keyId } from './key-id.js'

/**
 * A set of discovery keys that drops the ones that were not requested for the longest time. It holds at most `limit` of them, and always
 * the latest `limit / 2`. Each takes about 70 bytes of memory.
 */
export class UnknownKeys {
  // Two generations make an LRU of constant cost: once the younger one is full, it replaces the older one, which is dropped.
  readonly #generation: number
  #younger = new Set<string>()
  #older = new Set<string>()

  constructor(limit: number) {
    this.#generation = Math.floor(limit / 2)
  }

  /** Whether it holds `discoveryKey`, which then counts as the latest request. */
  has(discoveryKey: Uint8Array): boolean {
    const id = keyId(discoveryKey)
    if (this.#younger.has(id)) return true
    if (!this.#older.delete(id)) return false
    this.#hold(id)
    return true
  }

  add(discoveryKey: Uint8Array): void {
    if (this.#generation > 0) this.#hold(keyId(discoveryKey))
  }

  delete(discoveryKey: Uint8Array): void {
    if (this.#younger.size + this.#older.size === 0) return
    const id = keyId(discoveryKey)
    this.#younger.delete(id)
    this.#older.delete(id)
  }

  #hold(id: string): void {
    if (this.#younger.size >= this.#generation) {
      this.#older = this.#younger
      this.#younger = new Set()
    }
    this.#younger.add(id)
  }
}
