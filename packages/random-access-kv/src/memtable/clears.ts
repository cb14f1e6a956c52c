// The ranges that a log clears, and which of its other changes come before them. A walk over the changes in the order of their keys.

import { compare } from '../bytes/bytes.js'
import type { Cleared } from './memtable.js'

/** A range that was cleared after so many other changes. */
export interface Clear extends Cleared {
  readonly after: number
}

export class Clears {
  /** By their starts. */
  readonly #clears: readonly Clear[]
  #next = 0
  /**
   * Those that have begun, the last one of the log first. Each ends after the one before it: it has no effect where an earlier one of this
   * list reaches as far.
   */
  readonly #begun: Clear[] = []

  constructor(clears: readonly Clear[]) {
    this.#clears = [...clears].sort((a, b) => compare(a.start, b.start))
  }

  /** Whether the change of a key at this place in the log was cleared later. Keys are asked for in their order. */
  cover(key: Uint8Array, place: number): boolean {
    for (; this.#next < this.#clears.length; this.#next++) {
      const clear = this.#clears[this.#next] as Clear
      if (compare(clear.start, key) > 0) break
      this.#begin(clear)
    }
    const begun = this.#begun
    while (begun.length > 0 && !reachesBeyond(begun[0] as Clear, key)) begun.shift()
    return begun.length > 0 && (begun[0] as Clear).after > place
  }

  #begin(clear: Clear): void {
    const begun = this.#begun
    let at = begun.findIndex(({ after }) => after <= clear.after)
    if (at < 0) at = begun.length
    const before = begun[at - 1]
    if (before !== undefined && reachesAsFar(before, clear)) return
    let end = at
    while (end < begun.length && reachesAsFar(clear, begun[end] as Clear)) end++
    begun.splice(at, end - at, clear)
  }
}

function reachesBeyond({ end }: Clear, key: Uint8Array): boolean {
  return end === null || compare(end, key) > 0
}

function reachesAsFar(one: Clear, other: Clear): boolean {
  return one.end === null || (other.end !== null && compare(one.end, other.end) >= 0)
}
