// Writes that happen together: gathered here, handed over as one batch, all or none.
import type { DatabaseWriteBatch } from '@coreyard/hypercore-types'
import type { Operation, RandomAccessKV } from '@coreyard/random-access-kv'
import b4a from 'b4a'
import { toStorageError } from '../errors/to-storage-error.js'
import { answerLater } from './event-loop.js'
import type { KeySpace } from './key-space.js'

export class WriteBatch implements DatabaseWriteBatch {
  readonly #kv: RandomAccessKV
  readonly #keys: KeySpace
  readonly #directory: string | null
  #operations: Operation[] = []

  /** @param directory of the store, for errors; `null` if it is in none */
  constructor(kv: RandomAccessKV, keys: KeySpace, directory: string | null) {
    this.#kv = kv
    this.#keys = keys
    this.#directory = directory
  }

  tryPut(key: Uint8Array, value: ArrayBufferView | string): void {
    this.#operations.push({ type: 'put', key: this.#keys.key(key), value: toBytes(value) })
  }

  tryDelete(key: Uint8Array): void {
    this.#operations.push({ type: 'del', key: this.#keys.key(key) })
  }

  tryDeleteRange(start: Uint8Array, end: Uint8Array): void {
    this.#operations.push({ type: 'clear', gte: this.#keys.key(start), lt: this.#keys.key(end) })
  }

  /**
   * Resolves once the writes survive a crash of the process. The batch is empty then, and can be filled again. Rejects with a
   * StorageError, and nothing of it was written then.
   */
  async flush(): Promise<void> {
    const operations = this.#operations
    this.#operations = []
    try {
      await this.#kv.batch(operations)
    } catch (error) {
      throw toStorageError(error, this.#directory)
    }
    await answerLater(undefined)
  }

  destroy(): void {
    this.#operations = []
  }
}

/** RocksDB takes text, too, and arrays of larger numbers: Hypercore's audit writes a bitfield as one. */
function toBytes(value: ArrayBufferView | string): Uint8Array {
  if (typeof value === 'string') return b4a.from(value)
  if (value instanceof Uint8Array) return value
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}
