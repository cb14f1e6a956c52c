// Memory as a random-access-storage. It calls back at once. The memory outlives the storages that are opened on it, one at a time.
import { KvError, type RandomAccessStorage } from '@coreyard/random-access-kv'
import b4a from 'b4a'

/** Memory grows by this many bytes at a time. */
const CHUNK = 64 * 1024

type Done<T = void> = (error: Error | null, result?: T) => void

/** The bytes that are kept under one name. */
export class MemoryFile {
  readonly #chunks: Uint8Array[] = []
  size = 0
  isOpen = false

  /** Returns a copy of the bytes. All of them must exist. */
  read(offset: number, size: number): Uint8Array {
    const bytes = b4a.allocUnsafe(size)
    for (let done = 0; done < size; ) {
      const at = (offset + done) % CHUNK
      const part = this.#chunk(offset + done).subarray(at, at + size - done)
      bytes.set(part, done)
      done += part.length
    }
    return bytes
  }

  write(offset: number, data: Uint8Array): void {
    for (let done = 0; done < data.length; ) {
      const at = (offset + done) % CHUNK
      const part = data.subarray(done, done + CHUNK - at)
      this.#chunk(offset + done).set(part, at)
      done += part.length
    }
    if (data.length > 0) this.size = Math.max(this.size, offset + data.length)
  }

  truncate(size: number): void {
    if (size >= this.size) return
    this.size = size
    this.#chunks.length = Math.ceil(size / CHUNK)
    // A later write past the end leaves zeros in between.
    this.#chunks.at(-1)?.fill(0, size % CHUNK || CHUNK)
  }

  #chunk(offset: number): Uint8Array {
    const index = Math.floor(offset / CHUNK)
    while (this.#chunks.length <= index) this.#chunks.push(new Uint8Array(CHUNK))
    return this.#chunks[index] ?? new Uint8Array(CHUNK)
  }
}

export class MemoryStorage implements RandomAccessStorage {
  /** Bytes are copied on reads and writes. */
  readonly isolated = true
  readonly #name: string
  readonly #file: MemoryFile
  #isOpen = false

  constructor(name: string, file: MemoryFile) {
    this.#name = name
    this.#file = file
  }

  open(done: Done): void {
    if (this.#file.isOpen && !this.#isOpen) {
      done(
        new KvError(
          'KV_LOCKED',
          `${this.#name} in this memory is open in another store: close that one first`,
        ),
      )
      return
    }
    this.#isOpen = true
    this.#file.isOpen = true
    done(null)
  }

  read(offset: number, size: number, done: Done<Uint8Array>): void {
    if (offset + size > this.#file.size) done(new Error(`${this.#name} ends before offset ${offset + size}`))
    else done(null, this.#file.read(offset, size))
  }

  write(offset: number, data: Uint8Array, done: Done): void {
    this.#file.write(offset, data)
    done(null)
  }

  stat(done: Done<{ size: number }>): void {
    done(null, { size: this.#file.size })
  }

  truncate(size: number, done: Done): void {
    this.#file.truncate(size)
    done(null)
  }

  suspend(done: Done): void {
    this.close(done)
  }

  close(done: Done): void {
    if (this.#isOpen) this.#file.isOpen = false
    this.#isOpen = false
    done(null)
  }
}
