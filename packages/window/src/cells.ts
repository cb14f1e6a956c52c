/**
 * Text in the cells of a terminal: how wide it is, and cut or filled to a width.
 *
 * @packageDocumentation
 */

import stringWidth from 'string-width'

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Makes text `width` cells wide: cuts it with `…`, or fills it with spaces on the given `side`. */
export function fit(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const cut = cutTo(text, width)
  const space = ' '.repeat(Math.max(0, width - stringWidth(cut)))
  return side === 'left' ? space + cut : cut + space
}

/** At most as many cells wide as given: cut with `…`. */
export function cutTo(text: string, width: number): string {
  if (width <= 0) return ''
  if (stringWidth(text) <= width) return text
  let cut = ''
  let used = 0
  for (const { segment } of GRAPHEMES.segment(text)) {
    const cells = stringWidth(segment)
    if (used + cells > width - 1) break
    cut += segment
    used += cells
  }
  return `${cut}…`
}

/** Breaks text into lines of at most `width` cells. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (stringWidth(longer) <= width) line = longer
    else {
      if (line !== '') lines.push(line)
      line = cutTo(word, width)
    }
  }
  if (line !== '') lines.push(line)
  return lines
}
