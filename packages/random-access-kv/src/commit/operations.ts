// Batches of operations, as callers give them: how they are checked and copied.

import b4a from 'b4a'
import { copyOf, plain, setBytes } from '../bytes/bytes.js'
import { badArgument, KvError } from '../errors.js'
import { halfOpen, type Range } from '../ranges.js'
import {
  type Change,
  decodeChanges,
  encodeChange,
  encodedLength,
  encodedLengthOf,
  MAX_KEY,
} from './changes.js'

/** The longest value, in bytes. */
export const MAX_VALUE = 0x4000_0000
/** The most bytes of one batch in a log record. */
const MAX_BATCH = 0x7fff_ffff

/** One change of a batch: a put, a delete, or the removal of a range of keys. */
export type Operation =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array }
  | ({ readonly type: 'clear' } & Range)

export function checkKey(key: Uint8Array): void {
  if (key instanceof Uint8Array && key.length <= MAX_KEY) return
  throw badArgument('key', `a Uint8Array of at most ${MAX_KEY} bytes`, key)
}

/** Checks keys and copies them: they are looked up in more than one turn of the event loop. */
export function copyKeys(keys: readonly Uint8Array[]): Uint8Array[] {
  if (!Array.isArray(keys)) throw badArgument('keys', 'an array of Uint8Arrays', keys)
  return Array.from(keys, (key) => {
    checkKey(key)
    return copyOf(key)
  })
}

/** More operations than these are encoded at once, and decoded and applied in more than one turn of the event loop. */
export const MANY = 4000

/** Many changes in their form in the log: the least that has to be done with them while the caller waits. */
export interface EncodedBatch {
  readonly bytes: Uint8Array
  readonly count: number
}

/** A checked batch. Keys and values are copies: those of the caller may change. */
export type Batch = readonly Change[] | EncodedBatch

export function isEncoded(batch: Batch): batch is EncodedBatch {
  return 'bytes' in batch
}

/** Checks operations and copies them. */
export function checkOperations(operations: readonly Operation[]): Batch {
  if (!Array.isArray(operations)) {
    throw badArgument('A batch', 'an array of operations', operations)
  }
  if (operations.length > MANY) return encodeOperations(operations)
  const changes = Array.from(operations, changeOf)
  const size = encodedLength(changes)
  checkSize(size)
  // `allocUnsafe` takes a small batch from the pool of Node.js, in half the time that memory of its own takes.
  const copies = plain(b4a.allocUnsafe(size))
  let end = 0
  const copy = (bytes: Uint8Array): Uint8Array => {
    const own = copies.subarray(end, end + bytes.length)
    setBytes(own, 0, bytes)
    end += bytes.length
    return own
  }
  return changes.map((change) => copied(change, copy))
}

/** Reads them twice, so that nothing is kept for each of them: there are many, and the caller waits. */
function encodeOperations(operations: readonly Operation[]): EncodedBatch {
  let size = 0
  for (const operation of operations) size += encodedLengthOf(changeOf(operation))
  checkSize(size)
  const bytes = new Uint8Array(size)
  let o = 0
  for (const operation of operations) {
    const change = changeOf(operation)
    if (o + encodedLengthOf(change) > size) throw changed()
    o = encodeChange(change, bytes, o)
  }
  if (o !== size) throw changed()
  return { bytes, count: operations.length }
}

function checkSize(size: number): void {
  if (size > MAX_BATCH) {
    throw new KvError('KV_BAD_ARGUMENT', `The batch has ${size} bytes: one has at most ${MAX_BATCH}`)
  }
}

/** Only getters can do this. */
function changed(): KvError {
  return new KvError('KV_BAD_ARGUMENT', 'The operations of a batch changed while they were read')
}

function copied(change: Change, copy: (bytes: Uint8Array) => Uint8Array): Change {
  if (change.kind === 'put') return { kind: 'put', key: copy(change.key), value: copy(change.value) }
  if (change.kind !== 'clear') return { kind: 'del', key: copy(change.key) }
  const { start, end } = change
  return { kind: 'clear', start: copy(start), end: end === null ? null : copy(end) }
}

/**
 * The change that an operation is, with the bytes of the caller. Throws unless all of it is right. Reads each field once: a getter may
 * return something else each time.
 */
function changeOf(operation: Operation | null | undefined): Change {
  const type = operation?.type
  switch (type) {
    case 'put': {
      const { key, value } = operation as Operation & { type: 'put' }
      checkKey(key)
      if (!(value instanceof Uint8Array) || value.length > MAX_VALUE) {
        throw badArgument('value', `a Uint8Array of at most ${MAX_VALUE} bytes (1 GiB)`, value)
      }
      return { kind: 'put', key, value }
    }
    case 'del': {
      const { key } = operation as Operation & { type: 'del' }
      checkKey(key)
      return { kind: 'del', key }
    }
    case 'clear': {
      const { start, end } = halfOpen(operation as Range)
      if (start.length > MAX_KEY + 1 || (end !== null && end.length > MAX_KEY + 1)) {
        throw badArgument('A bound of a range', `a Uint8Array of at most ${MAX_KEY} bytes`, end ?? start)
      }
      return { kind: 'clear', start, end }
    }
    default:
      throw badArgument("An operation's type", "'put', 'del' or 'clear'", type, 'word')
  }
}

/** The changes of a batch. */
export function changesOf(batch: Batch): Iterable<Change> {
  return isEncoded(batch) ? { [Symbol.iterator]: () => decodeChanges(batch.bytes)[Symbol.iterator]() } : batch
}

/** Bytes that a batch takes in a log record. */
export function lengthOf(batch: Batch): number {
  return isEncoded(batch) ? batch.bytes.length : encodedLength(batch)
}
