// Rows under each other, in columns.

import { fit } from '@coreyard/window/cells'
import stringWidth from 'string-width'

export interface Column {
  readonly name: string
  /** Where its cells stand, if not to the left. */
  readonly side?: 'right'
  /** How narrow it may become where the table is wider than the terminal. Columns are cut in their order. */
  readonly least?: number
}

/** Between two columns. */
const GAP = '  '

/** The lines of a table, with a head. Cells are cut with `…` where they take more than `width`; `null` cuts none. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number | null,
): string[] {
  const widths = columns.map(({ name }, index) =>
    Math.max(stringWidth(name), ...rows.map((row) => stringWidth(row[index] ?? ''))),
  )
  if (width !== null) narrow(widths, columns, width)
  const line = (row: readonly string[]) =>
    columns
      .map(({ side }, index) =>
        fit(row[index] ?? '', widths[index] ?? 0, side === 'right' ? 'left' : 'right'),
      )
      .join(GAP)
      .trimEnd()
  return [line(columns.map(({ name }) => name)), ...rows.map(line)]
}

function narrow(widths: number[], columns: readonly Column[], width: number): void {
  const gaps = GAP.length * (columns.length - 1)
  let excess = widths.reduce((sum, each) => sum + each, gaps) - width
  for (const [index, { least }] of columns.entries()) {
    const own = widths[index] ?? 0
    const cut = Math.min(excess, own - (least ?? own))
    if (cut <= 0) continue
    widths[index] = own - cut
    excess -= cut
  }
}
