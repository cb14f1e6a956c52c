// Writes that are applied together: they are collected here, and passed on as one batch, all or none.
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

  /** @param directory the directory of the store, for errors; `null` if it has none */
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
   * Resolves when the writes survive a crash of the process. The batch is then empty, and can be used again. If it rejects, with a
   * StorageError, nothing of it was written.
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

/** RocksDB also accepts strings, and arrays of larger numbers: Hypercore's audit writes a bitfield as such an array. */
function toBytes(value: ArrayBufferView | string): Uint8Array {
  if (typeof value === 'string') return b4a.from(value)
  if (value instanceof Uint8Array) return value
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}
