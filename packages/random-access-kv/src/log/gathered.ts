// Memory for the payloads of a log that is read, one after the other.

import type { Memory } from './record.js'

/** No piece is larger, unless one payload is. */
const MOST = 1 << 26
const LEAST = 1 << 16
/** How many times as large it gets at once. Memory that nothing was written to yet takes no room on most platforms, and a copy does. */
const GROWTH = 8

export class Gathered implements Memory {
  readonly #pieces: Uint8Array[] = []
  #piece: Uint8Array = new Uint8Array(0)
  #used = 0

  /** Memory behind what was kept. It counts only once it is kept, too. */
  take(size: number): Uint8Array {
    if (this.#used + size > this.#piece.length) this.#grow(size)
    return this.#piece.subarray(this.#used, this.#used + size)
  }

  /** Keeps the first bytes of what was taken last. */
  keep(size: number): void {
    this.#used += size
  }

  #grow(size: number): void {
    const before = this.#piece.subarray(0, this.#used)
    const needed = this.#used + size
    if (this.#used > 0 && needed > MOST) {
      this.#pieces.push(before)
      this.#used = 0
      this.#piece = new Uint8Array(Math.max(size, LEAST))
      return
    }
    this.#piece = new Uint8Array(Math.max(needed, Math.min(this.#piece.length * GROWTH, MOST), LEAST))
    this.#piece.set(before)
  }

  /** What was kept, in order. Takes no more. */
  finish(): Uint8Array[] {
    const last = this.#piece.subarray(0, this.#used)
    const isHalfFull = this.#used >= this.#piece.length / 2
    if (this.#used > 0) this.#pieces.push(isHalfFull ? last : last.slice())
    return this.#pieces
  }
}
