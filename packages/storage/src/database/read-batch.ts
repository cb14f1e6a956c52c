// Reads that run together. RocksDB sends them to a thread at `tryFlush`. Here each read begins at its call, without I/O if the pages are in
// memory; all reads of one turn of the event loop see the same state of the store. As in RocksDB, the answers of a batch arrive in the
// order of its reads, after pending work.
import type { DatabaseReadBatch } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { answerLater } from './event-loop.js'
import type { KeySpace } from './key-space.js'

/** The source of the entries: the store, or a snapshot of it. */
export interface EntrySource {
  get(key: Uint8Array): Promise<Uint8Array | null>
  /** Returns `undefined` if the value cannot be read without I/O. */
  tryGet(key: Uint8Array): Uint8Array | null | undefined
}

export class ReadBatch implements DatabaseReadBatch {
  readonly #source: EntrySource
  readonly #keys: KeySpace
  /** Settles with the last read that needs I/O; `null` if none does. */
  #lastLate: Promise<unknown> | null = null

  constructor(source: EntrySource, keys: KeySpace) {
    this.#source = source
    this.#keys = keys
  }

  get(ownKey: Uint8Array): Promise<Uint8Array | null> {
    const key = this.#keys.key(ownKey)
    const before = this.#lastLate
    const value = this.#source.tryGet(key)
    if (value !== undefined) return before === null ? answerLater(value) : before.then(() => value)
    const late = this.#getLate(key, before)
    this.#lastLate = late.catch(() => {}) // reported by the read itself
    return late
  }

  async #getLate(key: Uint8Array, before: Promise<unknown> | null): Promise<Uint8Array | null> {
    const [value] = await Promise.all([this.#source.get(key), before ?? answerLater(null)])
    // Hypercore's users rely on blocks being a `Buffer`; a storage may answer with any `Uint8Array`.
    return value === null ? null : b4a.toBuffer(value)
  }

  tryFlush(): void {}

  /** Resolves when all reads have been answered. */
  async flush(): Promise<void> {
    await this.#lastLate
  }

  destroy(): void {}
}
