// Text for a terminal. Names and blocks are what others have written: a control character in them would move the cursor, ring the bell or
// hide what stands there.

import stringWidth from 'string-width'

/** Control characters, and those that turn the direction of text or are not seen. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu

/** The text with each control character as `\x1b`. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.codePointAt(0) ?? 0
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}

/** `1.2 MB`, in powers of 1000. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let size = count
  let unit = 0
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${unit === 0 ? size : size.toFixed(size < 10 ? 1 : 0)} ${units[unit]}`
}

/** `2026-11-25 23:55`, in UTC; `-` for none. */
export function time(milliseconds: number | null): string {
  if (milliseconds === null) return '-'
  return new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')
}

/** Rows under each other. Columns whose name ends with `>` stand to the right. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const names = columns.map((column) => column.replace(/>$/, ''))
  const widths = names.map((name, index) =>
    Math.max(stringWidth(name), ...rows.map((row) => stringWidth(row[index] ?? ''))),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => {
        const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - stringWidth(cell)))
        return columns[index]?.endsWith('>') ? space + cell : cell + space
      })
      .join('  ')
      .trimEnd()
  return [line(names), ...rows.map(line)]
}

/** Which blocks are here, as a strip of `width` characters: all of a part, some of it, none. */
export function strip(ranges: readonly (readonly [number, number])[], length: number, width: number): string {
  if (length === 0) return ''
  const cells = Math.min(width, length)
  return Array.from({ length: cells }, (_, index) => {
    const [start, end] = [(index * length) / cells, ((index + 1) * length) / cells]
    let here = 0
    for (const [first, last] of ranges) here += Math.max(0, Math.min(last, end) - Math.max(first, start))
    const share = here / (end - start)
    return share >= 1 - 1e-9 ? '█' : share > 0.5 ? '▓' : share > 0 ? '▒' : '░'
  }).join('')
}
