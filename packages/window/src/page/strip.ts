// Shows which blocks of a core are here, as a strip that fills as blocks arrive. New blocks are bright for a moment.

import { percent } from '../board/figures.js'
import type { Row } from '../board/rows.js'
import { makeSvg } from './dom.js'

/** The width of a strip in its own units. */
const WIDTH = 1000
/** For how many milliseconds blocks are shown as new. */
const FRESH = 1200

export class Strip {
  readonly element = makeSvg('svg', {
    class: 'strip',
    role: 'img',
    viewBox: `0 0 ${WIDTH} 1`,
    preserveAspectRatio: 'none',
  })
  readonly #guessed = makeSvg('path', { class: 'guessed' })
  readonly #fresh = makeSvg('path', { class: 'fresh' })
  readonly #settled = makeSvg('path', { class: 'settled' })
  #id = ''
  #path = ''
  #settling: ReturnType<typeof setTimeout> | undefined

  constructor() {
    this.element.append(this.#guessed, this.#fresh, this.#settled)
  }

  show({
    id,
    ranges,
    hasMoreRanges,
    total,
    have,
  }: Pick<Row, 'id' | 'ranges' | 'hasMoreRanges' | 'total' | 'have'>): void {
    const path = pathOf(ranges, total)
    this.element.setAttribute('aria-label', `${percent(have, total)} is here`)
    this.#guessed.setAttribute('d', '')
    if (hasMoreRanges) this.#guess(ranges, total, have)
    if (id !== this.#id) {
      this.#id = id
      clearTimeout(this.#settling)
      this.#settling = undefined
      this.#settled.setAttribute('d', path)
    } else if (path !== this.#path) {
      this.#settling ??= setTimeout(() => {
        this.#settling = undefined
        this.#settled.setAttribute('d', this.#path)
      }, FRESH)
    }
    this.#path = path
    this.#fresh.setAttribute('d', path)
  }

  /** After the last known run, only how many blocks are here is known, and not where. */
  #guess(ranges: Row['ranges'], total: number, have: number): void {
    const end = ranges.at(-1)?.[1] ?? 0
    const known = ranges.reduce((sum, [from, to]) => sum + to - from, 0)
    this.#guessed.setAttribute('d', pathOf([[end, total]], total))
    this.#guessed.setAttribute('opacity', String((have - known) / Math.max(1, total - end)))
  }
}

function pathOf(ranges: Row['ranges'], total: number): string {
  if (total === 0) return ''
  const scale = WIDTH / total
  // A single block of many thousands must be visible, too.
  return ranges
    .map(
      ([start, end]) =>
        `M${(start * scale).toFixed(2)} 0h${Math.max(1, (end - start) * scale).toFixed(2)}v1H${(start * scale).toFixed(2)}z`,
    )
    .join('')
}
