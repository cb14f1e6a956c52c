// A transaction: what a group of batches takes. Pages for large values, a place in the log. `commit` makes all of it part of the store,
// `rollback` gives all of it back.

import { crc32 } from '../bytes/checksum.js'
import { keyedChecksum } from '../bytes/keyed-checksum.js'
import type { Engine } from '../engine.js'
import { nextTurn } from '../event-loop.js'
import type { Position } from '../log/position.js'
import type { Extent } from '../space/space.js'
import type { Maybe } from '../storage/storage.js'
import { isLarge, MAX_LOGGED } from '../tree/values.js'
import { type Change, encodeChange, encodeChanges, encodedLength, encodedLengthOf } from './changes.js'
import { type Batch, changesOf, isEncoded, lengthOf, MANY } from './operations.js'

/** Changes of a batch after which others may get their turn. */
const STEP = 256
/** A batch of more bytes is prepared in more than one turn of the event loop, however few operations it has. */
const MANY_BYTES = 1 << 20

/** A value that does not go through the log, and its pages. */
interface Outside extends Extent {
  readonly data: Uint8Array
}

/** One batch: its changes as they go to the log, and the values that do not go through it. */
interface Prepared {
  readonly changes: Iterable<Change>
  readonly count: number
  readonly values: readonly Outside[]
  /** What goes to the log: the changes, or their form there if there are many. */
  readonly payload: readonly Change[] | Uint8Array
}

/** A batch that is being prepared. */
interface Taking extends Prepared {
  changes: Iterable<Change>
  readonly values: Outside[]
  /** What goes to the log instead of a change, by its place. */
  readonly instead: Map<number, Change>
  readonly late: Promise<void>[]
  payload: readonly Change[] | Uint8Array
}

/** Written out: a spread in its place takes several microseconds of each commit. */
function takingOf(changes: Iterable<Change>, count: number, payload: Taking['payload']): Taking {
  return { changes, count, payload, values: [], instead: new Map(), late: [] }
}

function* replaced(changes: Iterable<Change>, instead: ReadonlyMap<number, Change>): Iterable<Change> {
  let i = 0
  for (const change of changes) yield instead.get(i++) ?? change
}

async function encodeSlowly(changes: Iterable<Change>, length: number): Promise<Uint8Array> {
  const encoded = new Uint8Array(length)
  let o = 0
  let i = 0
  for (const change of changes) {
    o = encodeChange(change, encoded, o)
    if (++i % STEP === 0) await nextTurn()
  }
  return encoded
}

/** A promise whose rejection is looked at later. */
function handled(promise: Promise<void>): Promise<void> {
  promise.catch(() => {})
  return promise
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
   * Takes a batch in, and writes the values that do not go through the log. If that fails, the
   * batch is no part of the transaction, and what it took is given back.
   */
  prepare(batch: Batch): Maybe<void> {
    const length = lengthOf(batch)
    if (isEncoded(batch))
      return this.#takeSlowly(takingOf(changesOf(batch), batch.count, batch.bytes), length)
    const taking = takingOf(batch, batch.length, batch)
    if (length > MANY_BYTES) return this.#takeSlowly(taking, length)
    try {
      for (const [i, change] of batch.entries()) this.#take(taking, i, change)
      if (taking.instead.size > 0) {
        taking.payload = [...replaced(batch, taking.instead)]
        taking.changes = taking.payload
      }
    } catch (error) {
      taking.late.push(Promise.reject(error))
    }
    if (taking.late.length > 0) return this.#settle(taking)
    this.#prepared.push(taking)
    return undefined
  }

  /** @param length bytes that the batch takes in a log record with all its values */
  async #takeSlowly(taking: Taking, length: number): Promise<void> {
    const { changes, instead } = taking
    try {
      let i = 0
      let encoded = length
      for (const change of changes) {
        this.#take(taking, i, change)
        const other = instead.get(i)
        if (other !== undefined) encoded += encodedLengthOf(other) - encodedLengthOf(change)
        // A value that goes to its pages may be large.
        if (++i % STEP === 0 || other !== undefined) await nextTurn()
      }
      if (instead.size > 0) {
        taking.changes = { [Symbol.iterator]: () => replaced(changes, instead)[Symbol.iterator]() }
        taking.payload = await encodeSlowly(taking.changes, encoded)
      }
    } catch (error) {
      taking.late.push(Promise.reject(error))
    }
    return this.#settle(taking)
  }

  #take(taking: Taking, i: number, change: Change): void {
    if (change.kind !== 'put') return
    this.#engine.checkRoom()
    const { key, value } = change
    if (!this.#isOutsideLog(key, value)) return
    const { page, count } = this.#engine.takePages(value.length)
    taking.values.push({ page, count, data: value })
    const { guardKey } = this.#engine
    taking.instead.set(i, {
      kind: 'putReference',
      key,
      reference: { page, length: value.length, checksum: crc32(value) },
      guard: { key: guardKey, checksum: keyedChecksum(value, guardKey) },
    })
    const written = this.#engine.disk.write(page * this.#engine.pageSize, value)
    if (written instanceof Promise) taking.late.push(handled(written))
  }

  /** All that was called for is over before the batch goes on or fails. */
  async #settle(taking: Taking): Promise<void> {
    const results = await Promise.allSettled(taking.late)
    const failed = results.find((result) => result.status === 'rejected')
    if (failed === undefined) {
      this.#prepared.push(taking)
      return
    }
    for (const extent of taking.values) this.#engine.giveBack(extent)
    throw failed.reason
  }

  #isOutsideLog(key: Uint8Array, value: Uint8Array): boolean {
    return value.length > MAX_LOGGED && isLarge(key.length, value.length, this.#engine.pageSize)
  }

  /** Writes the batches to the log, and applies them. If that fails, call `rollback`. */
  commit(before: Position): Maybe<void> {
    const written = this.#write()
    return written instanceof Promise ? written.then(() => this.#apply(before)) : this.#apply(before)
  }

  *#changes(): Iterable<Change> {
    for (const { changes } of this.#prepared) yield* changes
  }

  #write(): Maybe<void> {
    const { log, options } = this.#engine
    const written = log.append(
      this.#prepared.map(({ payload }) => ({
        length: payload instanceof Uint8Array ? payload.length : encodedLength(payload),
        encode: (into) =>
          payload instanceof Uint8Array ? into.set(payload) : encodeChanges(payload, into, 0),
      })),
    )
    if (options.sync !== 'always') return written
    return Promise.resolve(written).then(() => log.sync())
  }

  #apply(before: Position): Maybe<void> {
    const { log, backlog } = this.#engine
    let valueBytes = 0
    let count = 0
    for (const { count: more, values } of this.#prepared) {
      count += more
      for (const { page, data } of values) {
        valueBytes += data.length
        this.#engine.keepUntilSynced(page, data)
      }
    }
    backlog.add(log.bytesSince(before), valueBytes)
    if (count > MANY) return this.#engine.applySlowly(this.#changes())
    for (const { changes } of this.#prepared) for (const change of changes) this.#engine.apply(change)
  }

  /** Gives everything back. The records, if any of them has reached the log, are erased. */
  rollback(before: Position): Promise<void> {
    const values = this.#prepared.splice(0).flatMap((prepared) => prepared.values)
    return this.#engine.log.retract(before, values)
  }
}
