// Ranges of keys, as callers give them (`gt`, `gte`, `lt`, `lte`) and as the engine uses them (half open).

import { compare, successor } from './bytes/bytes.js'
import { badArgument } from './errors.js'

/** A range of keys. A key is in it if it satisfies all given bounds; without bounds, the range is all keys. */
export interface Range {
  readonly gt?: Uint8Array | undefined
  readonly gte?: Uint8Array | undefined
  readonly lt?: Uint8Array | undefined
  readonly lte?: Uint8Array | undefined
}

/** From `start` up to, not including, `end` (null: no end). */
export interface HalfOpen {
  readonly start: Uint8Array
  readonly end: Uint8Array | null
}

const FIRST = new Uint8Array(0)

export function halfOpen(range: Range): HalfOpen {
  const { gt, gte, lt, lte } = range
  for (const bound of [gt, gte, lt, lte]) {
    if (bound !== undefined && !(bound instanceof Uint8Array)) {
      throw badArgument('A bound of a range', 'a Uint8Array', bound)
    }
  }
  const starts = [gt === undefined ? FIRST : successor(gt), gte ?? FIRST].sort(compare)
  const ends = [lte === undefined ? null : successor(lte), lt ?? null]
    .filter((end) => end !== null)
    .sort(compare)
  return { start: starts[1] ?? FIRST, end: ends[0] ?? null }
}
