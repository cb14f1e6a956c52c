// Blocks, times and strips as the terminal shows them.

import { percent } from '../board/figures.js'
import type { Row } from '../board/rows.js'
import { strip } from '../text.js'
import type { Colors } from './frame.js'

/** How many blocks are here, and of how many, if there is space for both. */
export function blocksOf({ have, total, state, hasMoreRanges }: Row, width: number): string {
  if (have >= total) return String(total)
  // Of a stored core, only the blocks up to the first gap are known.
  const more = state === 'stored' && hasMoreRanges ? '+' : ''
  const long = `${have}${more}/${total} ${percent(have, total)}`
  return long.length < width ? long : percent(have, total)
}

/** `03:15:07`. */
export function clock(milliseconds: number): string {
  return new Date(milliseconds).toTimeString().slice(0, 8)
}

export function stripOf(row: Row, width: number, colors: Colors): string {
  const { ranges, total, have, hasMoreRanges } = row
  if (total === 0) return colors.dim('░'.repeat(width))
  // A core of few blocks fills as many cells as one of many.
  const scaled = ranges.map(([start, end]) => [start * width, end * width] as const)
  let cells = strip(scaled, total * width, width)
  const known = ranges.reduce((sum, [start, end]) => sum + end - start, 0)
  // After the last known run, only how many blocks are here is known.
  if (hasMoreRanges && have > known) cells = cells.replace(/░+$/, (rest) => '▒'.repeat(rest.length))
  return cells.replace(/░+|[^░]+/g, (run) => (run.startsWith('░') ? colors.dim(run) : colors.green(run)))
}
