/**
 * Text that people read of what others have written, for terminals and pages.
 *
 * @packageDocumentation
 */

/** Control characters, and those that turn the direction of text or are not seen. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu

/** The text with each control character as `\x1b`: in a name it would move the cursor, ring the bell or hide what stands there. */
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
  return `${unit === 0 ? Math.round(size) : size.toFixed(size < 10 ? 1 : 0)} ${units[unit]}`
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
