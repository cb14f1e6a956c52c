// A file read in chunks, of which the last few are kept: what is read next to each other costs one read.
import { damaged } from './damage.js'
import type { SourceFile } from './source-file.js'

const CHUNK_BYTES = 64 * 1024
const CHUNKS = 32

export class CachedFile {
  readonly #file: SourceFile
  /** By their number; the one that was used longest ago first. */
  readonly #chunks = new Map<number, Promise<Uint8Array>>()

  constructor(file: SourceFile) {
    this.#file = file
  }

  get name(): string {
    return this.#file.name
  }

  get size(): number {
    return this.#file.size
  }

  /** Exactly those bytes. Throws `STORAGE_CORRUPT` if the file ends before. */
  async read(offset: number, size: number): Promise<Uint8Array> {
    if (offset + size > this.size) {
      throw damaged(this.name, this.size, `it should have ${offset + size} bytes at least`)
    }
    const [first, last] = [Math.floor(offset / CHUNK_BYTES), Math.floor((offset + size - 1) / CHUNK_BYTES)]
    if (first !== last) return this.#file.read(offset, size)
    const start = offset - first * CHUNK_BYTES
    return (await this.#chunk(first)).subarray(start, start + size)
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  #chunk(number: number): Promise<Uint8Array> {
    const start = number * CHUNK_BYTES
    const chunk = this.#chunks.get(number) ?? this.#file.read(start, Math.min(CHUNK_BYTES, this.size - start))
    this.#chunks.delete(number)
    this.#chunks.set(number, chunk)
    for (const oldest of this.#chunks.keys()) {
      if (this.#chunks.size <= CHUNKS) break
      this.#chunks.delete(oldest)
    }
    return chunk
  }
}
