// A file that is read in chunks. The chunks that were used last are kept, so that reads close to each other cost one read.
import Xache from 'xache'
import { damaged } from './damage.js'
import type { SourceFile } from './source-file.js'

const CHUNK_BYTES = 64 * 1024
/** At least so many chunks are kept, and less than twice as many. */
const CHUNKS = 16

export class CachedFile {
  readonly #file: SourceFile
  /** By their number. */
  readonly #chunks = new Xache<number, Promise<Uint8Array>>({ maxSize: CHUNKS })

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
    const kept = this.#chunks.get(number)
    if (kept !== null) return kept
    const start = number * CHUNK_BYTES
    const chunk = this.#file.read(start, Math.min(CHUNK_BYTES, this.size - start))
    this.#chunks.set(number, chunk)
    return chunk
  }
}
