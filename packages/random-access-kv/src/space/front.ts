// The holes of a file in the order of their pages, while what stands at its end is moved to the front: finds the first hole of a size in
// logarithmic time. A tree of maxima over the holes, in one array.

import type { Extent } from './space.js'

export class Front {
  readonly #pages: Float64Array
  /** The greatest size below each inner place; from `#leaves` on, the size of each hole. */
  readonly #sizes: Float64Array
  readonly #leaves: number

  constructor(holes: Iterable<Extent>) {
    const sorted = [...holes].sort((a, b) => a.page - b.page)
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(1, sorted.length)))
    this.#pages = Float64Array.from(sorted, ({ page }) => page)
    this.#sizes = new Float64Array(this.#leaves * 2)
    for (const [i, { count }] of sorted.entries()) this.#sizes[this.#leaves + i] = count
    for (let i = this.#leaves - 1; i > 0; i--) this.#sizes[i] = this.#greater(i)
  }

  /** The first hole of at least `count` pages, -1 if there is none. */
  find(count: number): number {
    if (this.#size(1) < count) return -1
    let i = 1
    while (i < this.#leaves) i = this.#size(i * 2) >= count ? i * 2 : i * 2 + 1
    return i - this.#leaves
  }

  /** Where a hole begins. */
  page(hole: number): number {
    return this.#pages[hole] as number
  }

  /** Says what is left of a hole. */
  set(hole: number, { page, count }: Extent): void {
    this.#pages[hole] = page
    let i = this.#leaves + hole
    this.#sizes[i] = count
    for (i >>>= 1; i > 0; i >>>= 1) this.#sizes[i] = this.#greater(i)
  }

  #size(i: number): number {
    return this.#sizes[i] as number
  }

  #greater(i: number): number {
    return Math.max(this.#size(i * 2), this.#size(i * 2 + 1))
  }
}
