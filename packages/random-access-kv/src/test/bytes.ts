// The memory that the storages of tests use.

/** The smallest size of the memory, in bytes. */
const LEAST = 1 << 16

/** Bytes that grow when they are written. Storages that are opened one after the other can share them. */
export class Bytes {
  #data = new Uint8Array(0)
  length = 0

  /** Returns a copy of `data`. */
  static from(data: Uint8Array): Bytes {
    const bytes = new Bytes()
    bytes.#data = new Uint8Array(data)
    bytes.length = data.length
    return bytes
  }

  /** Replaces the content with a copy of `data`, in the same memory if it is large enough. */
  assign(data: Uint8Array): void {
    if (data.length > this.#data.length) this.#data = new Uint8Array(data.length * 2)
    this.#data.set(data)
    this.#data.fill(0, data.length, this.length)
    this.length = data.length
  }

  /** Returns a copy of the `size` bytes at `offset`; `null` if they go past the end. */
  read(offset: number, size: number): Uint8Array | null {
    return offset + size > this.length ? null : this.#data.slice(offset, offset + size)
  }

  /** Writes `data` at `offset`, and grows if needed. */
  write(offset: number, data: Uint8Array): void {
    const end = offset + data.length
    if (end > this.#data.length) {
      const grown = new Uint8Array(Math.max(end, this.#data.length * 2, LEAST))
      grown.set(this.#data.subarray(0, this.length))
      this.#data = grown
    }
    this.#data.set(data, offset)
    this.length = Math.max(this.length, end)
  }

  /** Cuts the bytes to `size`, or extends them with zeros. */
  truncate(size: number): void {
    if (size > this.length) {
      this.write(size, new Uint8Array(0))
      return
    }
    this.#data.fill(0, size, this.length)
    this.length = size
  }

  /** Returns a copy of all bytes. */
  copy(): Uint8Array {
    return this.#data.slice(0, this.length)
  }

  /** Returns the bytes themselves, not a copy. Valid until the next write. */
  view(): Uint8Array {
    return this.#data.subarray(0, this.length)
  }
}

/** Throws if a write at `offset` would leave bytes before it that were never written: some storages cannot hold such a hole. */
export function assertNoHole(bytes: Bytes, offset: number): void {
  if (offset > bytes.length)
    throw new Error(`A write at ${offset} leaves a hole behind the end at ${bytes.length}`)
}
