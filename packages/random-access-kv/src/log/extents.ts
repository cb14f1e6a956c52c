// How large the extents of the log are. Each is as large as all before it together, within limits: a small store stays small, and a
// large log has few links.

import type { Options } from '../options.js'
import type { Extent } from '../space/space.js'

/** Bytes of the first extent. */
const FIRST = 16 * 1024
/** The most bytes that the log grows by at once, unless a batch needs more. */
const MOST = 256 * 1024
/** No extent has fewer pages: small pages would hold little more than links. */
const LEAST_PAGES = 4

export class ExtentSizes {
  readonly #first: number
  readonly #most: number

  constructor(pageSize: number, { logSize }: Options) {
    const pages = (bytes: number) => Math.max(LEAST_PAGES, Math.ceil(Math.min(bytes, logSize) / pageSize))
    this.#first = pages(FIRST)
    this.#most = pages(MOST)
  }

  /** How many pages the next extent has, after those that the log is made of. */
  next(extents: readonly Extent[]): number {
    const pages = extents.reduce((sum, { count }) => sum + count, 0)
    return Math.min(this.#most, Math.max(this.#first, pages))
  }
}
