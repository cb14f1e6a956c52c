// Changes: checked operations, and their form in a log record (FORMAT.md, "The log").

import { setBytes, setU16, setU32, u16, u32 } from '../bytes/bytes.js'
import type { Guard } from '../bytes/keyed-checksum.js'
import type { HalfOpen } from '../ranges.js'
import { REFERENCE } from '../tree/node.js'
import type { Reference } from '../tree/values.js'

/** The longest key, in bytes. */
export const MAX_KEY = 4096

/** A checked operation. A large value that is already in its pages is put by reference. Older logs have no guard for it. */
export type Change =
  | { readonly kind: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | ({ readonly kind: 'putReference'; readonly key: Uint8Array } & Guarded)
  | { readonly kind: 'del'; readonly key: Uint8Array }
  | { readonly kind: 'clear'; readonly start: Uint8Array; readonly end: Uint8Array | null }

/** A large value in its pages, and the guard that shows whether all of it was written. */
export interface Guarded {
  readonly reference: Reference
  readonly guard: Guard | null
}

const PUT = 1
const PUT_REFERENCE = 2
const DELETE = 3
const CLEAR = 4
const CLEAR_TO_END = 5
const PUT_GUARDED = 6
/** Bytes before a key: the kind of change, and the key's length. */
const FIELDS = 3
/** Bytes of the length of a value. */
const VALUE_FIELDS = 4
/** Bytes of the length of the end of a range. */
const END_FIELDS = 2
/** Bytes of a guard. */
const GUARD = 8

/** Bytes that the changes take in a log record. */
export function encodedLength(changes: readonly Change[]): number {
  let length = 0
  for (const change of changes) length += encodedLengthOf(change)
  return length
}

export function encodedLengthOf(change: Change): number {
  const key = change.kind === 'clear' ? change.start : change.key
  const length = FIELDS + key.length
  if (change.kind === 'put') return length + VALUE_FIELDS + change.value.length
  if (change.kind === 'putReference') return length + REFERENCE + (change.guard === null ? 0 : GUARD)
  return change.kind === 'clear' && change.end !== null ? length + END_FIELDS + change.end.length : length
}

/** Writes the changes at `offset`. Returns the offset after them. */
export function encodeChanges(changes: readonly Change[], into: Uint8Array, offset: number): number {
  let o = offset
  for (const change of changes) o = encodeChange(change, into, o)
  return o
}

/** Writes a change at `start`. Returns the offset after it. */
export function encodeChange(change: Change, into: Uint8Array, start: number): number {
  if (change.kind === 'put') return encodePut(change.key, change.value, into, start)
  if (change.kind === 'del') return encodeKey(DELETE, change.key, into, start)
  if (change.kind === 'clear') return encodeClear(change, into, start)
  const { reference, guard } = change
  const o = encodeKey(guard === null ? PUT_REFERENCE : PUT_GUARDED, change.key, into, start)
  setU32(into, o, reference.page)
  setU32(into, o + 4, reference.length)
  setU32(into, o + 8, reference.checksum)
  if (guard === null) return o + REFERENCE
  setU32(into, o + REFERENCE, guard.key)
  setU32(into, o + REFERENCE + 4, guard.checksum)
  return o + REFERENCE + GUARD
}

function encodeKey(kind: number, key: Uint8Array, into: Uint8Array, start: number): number {
  into[start] = kind
  setU16(into, start + 1, key.length)
  setBytes(into, start + FIELDS, key)
  return start + FIELDS + key.length
}

function encodePut(key: Uint8Array, value: Uint8Array, into: Uint8Array, start: number): number {
  const o = encodeKey(PUT, key, into, start)
  setU32(into, o, value.length)
  setBytes(into, o + VALUE_FIELDS, value)
  return o + VALUE_FIELDS + value.length
}

function encodeClear({ start, end }: HalfOpen, into: Uint8Array, offset: number): number {
  if (end === null) return encodeKey(CLEAR_TO_END, start, into, offset)
  const o = encodeKey(CLEAR, start, into, offset)
  setU16(into, o, end.length)
  setBytes(into, o + END_FIELDS, end)
  return o + END_FIELDS + end.length
}

/** Reads changes back that `referencesIn` has found to be changes. Keys and values are views of `bytes`. */
export function* decodeChanges(bytes: Uint8Array): Iterable<Change> {
  for (let o = 0; o < bytes.length; o = endOf(bytes, o)) yield changeAt(bytes, o)
}

/** The change at `o`. Key and value are views of `bytes`. */
export function changeAt(bytes: Uint8Array, o: number): Change {
  const end = keyEndOf(bytes, o)
  const key = bytes.subarray(keyOf(o), end)
  switch (bytes[o]) {
    case PUT:
      return { kind: 'put', key, value: bytes.subarray(end + VALUE_FIELDS, endOf(bytes, o)) }
    case DELETE:
      return { kind: 'del', key }
    case CLEAR:
    case CLEAR_TO_END:
      return { kind: 'clear', ...clearAt(bytes, o) }
    default:
      return { kind: 'putReference', key, ...guardedAt(bytes, end, bytes[o] === PUT_GUARDED) }
  }
}

/** The offset after the change at `o`; NaN if that is none. */
export function endOf(bytes: Uint8Array, o: number): number {
  const end = keyEndOf(bytes, o)
  switch (bytes[o]) {
    case PUT:
      return end + VALUE_FIELDS + u32(bytes, end)
    case DELETE:
    case CLEAR_TO_END:
      return end
    case CLEAR:
      return end + END_FIELDS + u16(bytes, end)
    case PUT_REFERENCE:
      return end + REFERENCE
    case PUT_GUARDED:
      return end + REFERENCE + GUARD
    default:
      return Number.NaN
  }
}

/** Bytes of the value of the change at `o`; -1 if it has none. */
export function valueLengthOf(bytes: Uint8Array, o: number): number {
  return bytes[o] === PUT ? u32(bytes, keyEndOf(bytes, o)) : -1
}

/** Whether the change at `o` puts a value by reference. */
export function isByReference(bytes: Uint8Array, o: number): boolean {
  return bytes[o] === PUT_REFERENCE || bytes[o] === PUT_GUARDED
}

/** Whether the change at `o` removes a range of keys. */
export function isClear(bytes: Uint8Array, o: number): boolean {
  return bytes[o] === CLEAR || bytes[o] === CLEAR_TO_END
}

/** The range that the change at `o` removes. Its bounds are views of `bytes`. */
export function clearAt(bytes: Uint8Array, o: number): HalfOpen {
  const end = keyEndOf(bytes, o)
  return {
    start: bytes.subarray(keyOf(o), end),
    end: bytes[o] === CLEAR_TO_END ? null : bytes.subarray(end + END_FIELDS, endOf(bytes, o)),
  }
}

/** Where the key of the change at `o` starts. */
export function keyOf(o: number): number {
  return o + FIELDS
}

/** Where the key of the change at `o` ends. */
export function keyEndOf(bytes: Uint8Array, o: number): number {
  return o + FIELDS + u16(bytes, o + 1)
}

function guardedAt(bytes: Uint8Array, o: number, hasGuard: boolean): Guarded {
  const at = o + REFERENCE
  return {
    reference: { page: u32(bytes, o), length: u32(bytes, o + 4), checksum: u32(bytes, o + 8) },
    guard: hasGuard ? { key: u32(bytes, at), checksum: u32(bytes, at + 4) } : null,
  }
}

/** Whether the keys of the change at `o` are within the limit. In a file that was made by another program they may not be. */
function hasShortKeys(bytes: Uint8Array, o: number): boolean {
  const end = keyEndOf(bytes, o)
  const length = end - keyOf(o)
  if (!isClear(bytes, o)) return length <= MAX_KEY
  // A bound may have one byte more: it stands for what comes behind a key.
  return length <= MAX_KEY + 1 && (bytes[o] === CLEAR_TO_END || u16(bytes, end) <= MAX_KEY + 1)
}

/** The references in encoded changes, without decoding the rest. Null if `bytes` hold something else. */
export function referencesIn(bytes: Uint8Array): Guarded[] | null {
  const references: Guarded[] = []
  let o = 0
  while (o < bytes.length) {
    if (!hasShortKeys(bytes, o)) return null
    if (isByReference(bytes, o)) {
      references.push(guardedAt(bytes, keyEndOf(bytes, o), bytes[o] === PUT_GUARDED))
    }
    o = endOf(bytes, o)
  }
  return o === bytes.length ? references : null
}
