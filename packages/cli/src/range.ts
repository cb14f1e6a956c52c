// A range of blocks, as a user gives it: `5`, `5..10`, `5..`, `..10`.

import { usage } from './errors.js'
import { given } from './text.js'

export interface BlockRange {
  readonly start: number
  /** Not in it. */
  readonly end: number
}

/** @param length of the core, in blocks */
export function readRange(range: string | undefined, length: number): BlockRange {
  if (range === undefined) return { start: 0, end: length }
  const match = /^(\d*)(\.\.)?(\d*)$/.exec(range)
  const [, first = '', dots, last = ''] = match ?? []
  if (match === null || (first === '' && last === '')) {
    throw usage(`The range ${given(range)} is none: give 5, 5..10, 5.. or ..10`)
  }
  const start = first === '' ? 0 : Number(first)
  const end = dots === undefined ? start + 1 : last === '' ? length : Number(last)
  if (start > end) throw usage(`The range ${range} ends before it begins`)
  if (end > length) throw usage(`The range ${range} ends after the last block: the core has ${length} blocks`)
  return { start, end }
}
