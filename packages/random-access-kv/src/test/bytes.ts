// The memory beneath the storages of tests.

/** What is taken for the first bytes. */
const LEAST = 1 << 16

/** Bytes that grow as they are written. Shared by the storages that are opened on them one after the other. */
export class Bytes {
  #data = new Uint8Array(0)
  length = 0

  /** A copy of these bytes. */
  static from(data: Uint8Array): Bytes {
    const bytes = new Bytes()
    bytes.#data = new Uint8Array(data)
    bytes.length = data.length
    return bytes
  }

  /** Holds a copy of `data` from now on, in the same memory if there is enough of it. */
  assign(data: Uint8Array): void {
    if (data.length > this.#data.length) this.#data = new Uint8Array(data.length * 2)
    this.#data.set(data)
    this.#data.fill(0, data.length, this.length)
    this.length = data.length
  }

  /** The bytes there; `null` if they go past the end. */
  read(offset: number, size: number): Uint8Array | null {
    return offset + size > this.length ? null : this.#data.slice(offset, offset + size)
  }

  /** Becomes longer if it has to. */
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

  /** Cuts off what is behind that offset. */
  truncate(size: number): void {
    if (size > this.length) {
      this.write(size, new Uint8Array(0))
      return
    }
    this.#data.fill(0, size, this.length)
    this.length = size
  }

  /** All bytes, as they are now. */
  copy(): Uint8Array {
    return this.#data.slice(0, this.length)
  }

  /** The bytes themselves, until the next write. */
  view(): Uint8Array {
    return this.#data.subarray(0, this.length)
  }
}

/** Throws if a write at `offset` would leave bytes before it that were never written: some storages cannot hold such a hole. */
export function assertNoHole(bytes: Bytes, offset: number): void {
  if (offset > bytes.length)
    throw new Error(`A write at ${offset} leaves a hole behind the end at ${bytes.length}`)
}
