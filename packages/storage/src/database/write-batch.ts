// Writes that happen together: gathered here, handed over as one batch, all or none.
import type { DatabaseWriteBatch } from '@coreyard/hypercore-types'
import type { Operation, RandomAccessKV } from '@coreyard/random-access-kv'
import b4a from 'b4a'

export class WriteBatch implements DatabaseWriteBatch {
  readonly #kv: RandomAccessKV
  #operations: Operation[] = []

  constructor(kv: RandomAccessKV) {
    this.#kv = kv
  }

  tryPut(key: Uint8Array, value: ArrayBufferView | string): void {
    this.#operations.push({ type: 'put', key, value: toBytes(value) })
  }

  tryDelete(key: Uint8Array): void {
    this.#operations.push({ type: 'del', key })
  }

  tryDeleteRange(start: Uint8Array, end: Uint8Array): void {
    this.#operations.push({ type: 'clear', gte: start, lt: end })
  }

  /** Resolves once the writes survive a crash of the process. The batch is empty then, and may be filled anew. */
  async flush(): Promise<void> {
    const operations = this.#operations
    this.#operations = []
    await this.#kv.batch(operations)
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
