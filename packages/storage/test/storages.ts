// Storages of one's own: the least that a store can live on, and the most awkward.
import type { RandomAccessStorage } from '@coreyard/random-access-kv'

type Done<T = void> = (error: Error | null, result: T) => void

/** Bytes that outlive the storages on them, as a file does. */
export class Bytes {
  #content = Buffer.alloc(0)

  /** Null past the end. */
  read(offset: number, size: number): Buffer | null {
    if (offset + size > this.#content.length) return null
    return Buffer.from(this.#content.subarray(offset, offset + size))
  }

  write(offset: number, data: Uint8Array): void {
    if (offset + data.length > this.#content.length) {
      const longer = Buffer.alloc(Math.max(offset + data.length, 2 * this.#content.length))
      this.#content.copy(longer)
      this.#content = longer
    }
    this.#content.set(data, offset)
  }
}

/** Has `read` and `write` only, and answers before they return, with plain arrays of bytes. */
export class BareStorage implements RandomAccessStorage {
  readonly #bytes: Bytes

  constructor(bytes: Bytes = new Bytes()) {
    this.#bytes = bytes
  }

  read(offset: number, size: number, done: Done<Uint8Array>): void {
    const data = this.#bytes.read(offset, size)
    done(data === null ? new Error('Could not satisfy length') : null, Uint8Array.from(data ?? []))
  }

  write(offset: number, data: Uint8Array, done: (error: Error | null) => void): void {
    this.#bytes.write(offset, data)
    done(null)
  }
}

/** Does everything some turns of the event loop later, and what was asked later often first. */
export class LateStorage implements RandomAccessStorage {
  readonly #bytes: Bytes
  #asked = 0

  constructor(bytes: Bytes = new Bytes()) {
    this.#bytes = bytes
  }

  read(offset: number, size: number, done: Done<Uint8Array>): void {
    this.#later(() => {
      const data = this.#bytes.read(offset, size)
      done(data === null ? new Error('Could not satisfy length') : null, data ?? Buffer.alloc(0))
    })
  }

  write(offset: number, data: Uint8Array, done: (error: Error | null) => void): void {
    this.#later(() => {
      this.#bytes.write(offset, data)
      done(null)
    })
  }

  #later(run: () => void): void {
    const wait = (turns: number): void => {
      if (turns === 0) run()
      else setImmediate(wait, turns - 1)
    }
    // 3, 2, 1, 3, 2, 1, …
    wait(3 - (this.#asked++ % 3))
  }
}
