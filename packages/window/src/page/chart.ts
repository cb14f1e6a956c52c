// The traffic of the last minute, both ways.

import { makeSvg } from './dom.js'

/** How many pictures are shown: a minute. */
const SHOWN = 120
/** Less than this many bytes a second are a low curve. */
const LEAST_TOP = 10_000

export class Chart {
  readonly #element: SVGSVGElement
  readonly #down: number[] = []
  readonly #up: number[] = []
  readonly #paths = {
    down: makeSvg('path', { class: 'down' }),
    up: makeSvg('path', { class: 'up' }),
  }

  constructor(element: SVGSVGElement) {
    this.#element = element
    element.setAttribute('viewBox', `0 0 ${SHOWN - 1} 1`)
    element.append(this.#paths.down, this.#paths.up)
  }

  add(down: number, up: number): void {
    push(this.#down, down)
    push(this.#up, up)
    const top = Math.max(LEAST_TOP, ...this.#down, ...this.#up) * 1.05
    this.#paths.down.setAttribute('d', area(this.#down, top))
    this.#paths.up.setAttribute('d', area(this.#up, top))
    this.#element.classList.toggle(
      'quiet',
      this.#down.every((value) => value === 0) && this.#up.every((value) => value === 0),
    )
  }

  clear(): void {
    this.#down.length = 0
    this.#up.length = 0
  }
}

function push(values: number[], value: number): void {
  values.push(value)
  if (values.length > SHOWN) values.shift()
}

/** The newest value is on the right. */
function area(values: readonly number[], top: number): string {
  const start = SHOWN - values.length
  const points = values.map((value, index) => `${start + index} ${(1 - value / top).toFixed(3)}`)
  return `M${start} 1L${points.join('L')}L${SHOWN - 1} 1z`
}
