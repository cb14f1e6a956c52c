/**
 * Formats text for terminals and pages, and makes text that other people have written safe to show.
 *
 * @packageDocumentation
 */

/** Control characters, invisible characters, and characters that change the direction of text. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu

/**
 * Replaces each control or invisible character with its code, such as `\x1b` or `\u{200e}`. Unescaped, it could move the cursor, ring the
 * bell or hide text.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.codePointAt(0) ?? 0
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}

/** Formats a number of bytes in powers of 1000, such as `1.2 MB`. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let size = count
  let unit = 0
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${unit === 0 ? Math.round(size) : size.toFixed(size < 10 ? 1 : 0)} ${units[unit]}`
}

/**
 * Shows which blocks are here as a strip of at most `width` characters, one for each part of the core: `█` for all blocks of the part,
 * `▓` for more than half, `▒` for some, `░` for none. Empty for a core without blocks.
 */
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
