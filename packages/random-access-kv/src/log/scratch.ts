// Memory for encoding records, used again and again.

/** Buffers up to this size are kept. */
export const KEEP_BUFFER = 1 << 20

/** Memory for one encoding at a time, used again unless it is large. */
export class Scratch {
  #buffer = new Uint8Array(4096)

  take(size: number): Uint8Array {
    if (size > KEEP_BUFFER) return new Uint8Array(size)
    if (size > this.#buffer.length) this.#buffer = new Uint8Array(Math.min(KEEP_BUFFER, size * 2))
    return this.#buffer.subarray(0, size)
  }
}
