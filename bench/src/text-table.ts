// Rows of text in columns, for the terminal and for Markdown.

/** Columns of equal width: the first to the left, the others to the right. */
export function textTable(rows: readonly (readonly string[])[]): string {
  return `${aligned(rows)
    .map((row) => row.join('  ').trimEnd())
    .join('\n')}\n`
}

/** The first row is the head. */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const lines = [head, ...rows]
  const widths = widthsOf(lines)
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  const [top = [], ...rest] = aligned(lines)
  return [top, rule, ...rest].map((row) => `| ${row.join(' | ')} |\n`).join('')
}

function aligned(rows: readonly (readonly string[])[]): string[][] {
  const widths = widthsOf(rows)
  return rows.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    ),
  )
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const columns = Math.max(...rows.map((row) => row.length))
  return Array.from({ length: columns }, (_, column) =>
    Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)),
  )
}
