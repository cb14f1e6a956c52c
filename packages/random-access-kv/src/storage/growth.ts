// Growing the storage without holes: before a write past the end, the gap is filled with zeros. Some storages cannot hold a hole:
// `clone()` of random-access-memory fails on one, and others lose data that is written into it later.

import type { Maybe } from './storage.js'

const ZEROS = new Uint8Array(256 * 1024)

export class Growth {
  /** The length of the storage: every byte before it has been written. */
  end = 0
  /** The greatest length that the storage may have: a failed write may have extended it. */
  reach = 0
  readonly #put: (offset: number, data: Uint8Array) => Maybe<void>
  /** Writes that make the storage longer go one after the other. */
  #growing = 0
  #tail: Promise<void> = Promise.resolve()

  /** @param put writes to the storage */
  constructor(put: (offset: number, data: Uint8Array) => Maybe<void>) {
    this.#put = put
  }

  write(offset: number, data: Uint8Array): Maybe<void> {
    if (offset + data.length <= this.end) return this.#put(offset, data)
    const grown =
      this.#growing === 0 ? this.#grow(offset, data) : this.#tail.then(() => this.#grow(offset, data))
    if (!(grown instanceof Promise)) return undefined
    this.#growing++
    const ended = () => {
      this.#growing--
    }
    this.#tail = grown.then(ended, ended)
    return grown
  }

  #grow(offset: number, data: Uint8Array): Maybe<void> {
    while (this.end < offset) {
      const size = Math.min(offset - this.end, ZEROS.length)
      const filled = this.#put(this.end, ZEROS.subarray(0, size))
      if (filled instanceof Promise) {
        return filled.then(() => {
          this.end += size
          return this.#grow(offset, data)
        })
      }
      this.end += size
    }
    this.reach = Math.max(this.reach, offset + data.length)
    const written = this.#put(offset, data)
    const done = () => {
      this.end = Math.max(this.end, offset + data.length)
    }
    return written instanceof Promise ? written.then(done) : done()
  }
}
