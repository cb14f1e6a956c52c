// A transaction: what a group of batches takes. Pages for large values, a place in the log. `commit` makes all of it part of the store,
// `rollback` gives all of it back.

import { crc32 } from '../bytes/checksum.js'
import type { Engine } from '../engine.js'
import type { Position } from '../log/log.js'
import type { Extent } from '../space/space.js'
import type { Maybe } from '../storage/storage.js'
import { isLarge, MAX_LOGGED } from '../tree/values.js'
import { type Change, encodeChanges, encodedLength } from './operations.js'

/** A value that does not go through the log, and its pages. */
interface Outside extends Extent {
  readonly data: Uint8Array
}

/** One batch: its changes as they go to the log, and the values that do not go through it. */
interface Prepared {
  readonly changes: readonly Change[]
  readonly values: readonly Outside[]
}

export class Transaction {
  readonly #engine: Engine
  readonly #prepared: Prepared[] = []

  constructor(engine: Engine) {
    this.#engine = engine
  }

  get isEmpty(): boolean {
    return this.#prepared.length === 0
  }

  /**
   * Takes a batch in: loads the nodes that it changes, and writes the values that do not go through the log. If that fails, the
   * batch is no part of the transaction, and what it took is given back.
   */
  prepare(batch: readonly Change[]): Maybe<void> {
    const values: Outside[] = []
    const late: Promise<void>[] = []
    let changes: Change[] | null = null
    try {
      if (batch.some(({ kind }) => kind === 'put')) this.#engine.checkRoom()
      for (const [i, change] of batch.entries()) {
        const loaded = this.#engine.load(change)
        if (loaded instanceof Promise) late.push(loaded)
        if (change.kind !== 'put' || !this.#isOutsideLog(change.key, change.value)) continue
        const { key, value } = change
        const { page, count } = this.#engine.takePages(value.length)
        values.push({ page, count, data: value })
        changes ??= [...batch]
        const reference = { page, length: value.length, checksum: crc32(value) }
        changes[i] = { kind: 'putReference', key, reference }
        const written = this.#engine.disk.write(page * this.#engine.pageSize, value)
        if (written instanceof Promise) late.push(written)
      }
    } catch (error) {
      late.push(Promise.reject(error))
    }
    const prepared = { changes: changes ?? batch, values }
    if (late.length === 0) {
      this.#prepared.push(prepared)
      return undefined
    }
    // All of them are over before the batch goes on or fails.
    return Promise.allSettled(late).then((results) => {
      const failed = results.find((result) => result.status === 'rejected')
      if (failed === undefined) {
        this.#prepared.push(prepared)
        return
      }
      for (const extent of values) this.#engine.giveBack(extent)
      throw failed.reason
    })
  }

  #isOutsideLog(key: Uint8Array, value: Uint8Array): boolean {
    return value.length > MAX_LOGGED && isLarge(key, value, this.#engine.pageSize)
  }

  /** Writes the batches to the log, and applies them. If that fails, call `rollback`. */
  commit(before: Position): Maybe<void> {
    const written = this.#write()
    return written instanceof Promise ? written.then(() => this.#apply(before)) : this.#apply(before)
  }

  #write(): Maybe<void> {
    const { log, options } = this.#engine
    const written = log.append(
      this.#prepared.map(({ changes }) => ({
        length: encodedLength(changes),
        encode: (into, offset) => encodeChanges(changes, into, offset),
      })),
    )
    if (options.sync !== 'always') return written
    return Promise.resolve(written).then(() => log.sync())
  }

  #apply(before: Position): void {
    const { log, backlog } = this.#engine
    let valueBytes = 0
    for (const prepared of this.#prepared) {
      for (const { page, data } of prepared.values) {
        valueBytes += data.length
        this.#engine.keepUntilSynced(page, data)
      }
      for (const change of prepared.changes) this.#engine.apply(change)
    }
    backlog.add(log.bytesSince(before), valueBytes)
  }

  /** Gives everything back. The records, if any of them has reached the log, are erased. */
  rollback(before: Position): Promise<void> {
    const values = this.#prepared.splice(0).flatMap((prepared) => prepared.values)
    return this.#engine.log.retract(before, values)
  }
}
