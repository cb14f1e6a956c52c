// Reads that run together. RocksDB sends them to a thread at `tryFlush`; here each is answered when it is asked, from one state
// of the store for all that are asked in one turn, and without I/O if the pages are in memory.
import type { DatabaseReadBatch } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { nextTurn } from './event-loop.js'

/** Where entries are read: the store, or a snapshot of it. */
export interface EntrySource {
  get(key: Uint8Array): Promise<Uint8Array | null>
  /** Undefined if the value cannot be had at once. */
  tryGet(key: Uint8Array): Uint8Array | null | undefined
}

export class ReadBatch implements DatabaseReadBatch {
  readonly #source: EntrySource

  constructor(source: EntrySource) {
    this.#source = source
  }

  get(key: Uint8Array): Promise<Uint8Array | null> {
    const value = this.#source.tryGet(key)
    if (value === undefined) return this.#getLate(key)
    const turn = nextTurn()
    return turn === null ? Promise.resolve(value) : turn.then(() => value)
  }

  async #getLate(key: Uint8Array): Promise<Uint8Array | null> {
    const value = await this.#source.get(key)
    // Hypercore's users rely on blocks being a `Buffer`; a storage may answer with any `Uint8Array`.
    return value === null ? null : b4a.toBuffer(value)
  }

  tryFlush(): void {}

  destroy(): void {}
}
