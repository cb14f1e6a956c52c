// Keys of 32 bytes in one block of bytes. Keys that are kept for a while as objects of their own become old for V8 before they are forgotten,
// and old objects are collected late.

const KEY_BYTES = 32

/** A list of the newest keys, the newest last. */
export class KeyList {
  readonly #size: number
  /** Empty until there is a key. */
  #bytes = new Uint8Array(0)
  #end = 0

  /** @param most how many keys it holds at most; at least 1 */
  constructor(most: number) {
    this.#size = most * KEY_BYTES
  }

  get isFull(): boolean {
    return this.#end === this.#size
  }

  /** Returns a copy of a key. */
  at(index: number): Uint8Array {
    return this.#bytes.slice(index * KEY_BYTES, (index + 1) * KEY_BYTES)
  }

  /** Returns where a key is; -1 if it is not in the list. */
  indexOf(key: Uint8Array): number {
    for (let at = this.#end - KEY_BYTES; at >= 0; at -= KEY_BYTES) {
      let same = 0
      while (same < KEY_BYTES && this.#bytes[at + same] === key[same]) same++
      if (same === KEY_BYTES) return at / KEY_BYTES
    }
    return -1
  }

  /** Adds a key to a list that is not full. */
  push(key: Uint8Array): void {
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.#size)
    this.#bytes.set(key, this.#end)
    this.#end += KEY_BYTES
  }

  /** Removes a key. The later ones move up. */
  remove(index: number): void {
    this.#bytes.copyWithin(index * KEY_BYTES, (index + 1) * KEY_BYTES)
    this.#end -= KEY_BYTES
  }
}
