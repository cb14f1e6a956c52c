// Rows of text in columns, for the terminal and for Markdown.

/** On which side the cells of all columns but the first stand. */
type Side = 'left' | 'right'

/** Columns of equal width. The first is aligned to the left. */
export function textTable(rows: readonly (readonly string[])[], side: Side = 'right'): string {
  return `${aligned(rows, side)
    .map((row) => row.join('  ').trimEnd())
    .join('\n')}\n`
}

/** The first row is the head. */
export function markdownTable(
  [head = [], ...rows]: readonly (readonly string[])[],
  side: Side = 'right',
): string {
  const lines = [head, ...rows]
  const widths = widthsOf(lines)
  const rule = widths.map((width, column) =>
    isLeft(column, side) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  )
  const [top = [], ...rest] = aligned(lines, side)
  return [top, rule, ...rest].map((row) => `| ${row.join(' | ')} |\n`).join('')
}

function aligned(rows: readonly (readonly string[])[], side: Side): string[][] {
  const widths = widthsOf(rows)
  return rows.map((row) =>
    widths.map((width, column) => {
      const cell = row[column] ?? ''
      return isLeft(column, side) ? cell.padEnd(width) : cell.padStart(width)
    }),
  )
}

function isLeft(column: number, side: Side): boolean {
  return column === 0 || side === 'left'
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const columns = Math.max(...rows.map((row) => row.length))
  return Array.from({ length: columns }, (_, column) =>
    Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)),
  )
}
