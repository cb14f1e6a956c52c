// A storage of one's own: memory with nothing but `read` and `write`, that does what it is asked some turns later, and often
// first what was asked later.

type Done<T = void> = (error: Error | null, result?: T) => void

/** What lasts of a {@link LateStorage}, for the next one that is made on it. */
export class LateFile {
  #bytes = Buffer.alloc(0)
  #length = 0

  /** All bytes up to the last one that was written. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  write(offset: number, data: Uint8Array): void {
    const end = offset + data.length
    if (end > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(end, 2 * this.#bytes.length))
      this.#bytes.copy(grown)
      this.#bytes = grown
    }
    this.#bytes.set(data, offset)
    this.#length = Math.max(this.#length, end)
  }
}

export class LateStorage {
  readonly #file: LateFile
  #asked = 0

  constructor(file: LateFile) {
    this.#file = file
  }

  read(offset: number, size: number, done: Done<Uint8Array>): void {
    this.#later(() => {
      const { bytes } = this.#file
      if (offset + size > bytes.length) done(new Error('Could not satisfy length'))
      else done(null, Uint8Array.from(bytes.subarray(offset, offset + size)))
    })
  }

  write(offset: number, data: Uint8Array, done: Done): void {
    this.#later(() => {
      this.#file.write(offset, data)
      done(null)
    })
  }

  /** What is asked first waits the longest of three. */
  #later(run: () => void): void {
    const wait = (turns: number): void => {
      if (turns === 0) run()
      else setImmediate(wait, turns - 1)
    }
    wait(3 - (this.#asked++ % 3))
  }
}
