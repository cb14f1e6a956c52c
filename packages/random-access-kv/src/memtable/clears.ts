// The cleared ranges of a log, and which changes of keys came before them. A walk in the order of keys.

import { compare } from '../bytes/bytes.js'
import type { HalfOpen } from '../ranges.js'

/** A range that was cleared. */
export interface Clear extends HalfOpen {
  /** Its place among the changes of the log. */
  readonly place: number
}

export class Clears {
  /** Those that have begun and may not have ended: a heap with the last one of the log on top. */
  readonly #begun: Clear[] = []

  get isEmpty(): boolean {
    return this.#begun.length === 0
  }

  /** The walk has come to the start of a range. */
  begin(clear: Clear): void {
    const heap = this.#begun
    let i = heap.length
    for (let parent = (i - 1) >> 1; i > 0 && placeOf(heap, parent) < clear.place; parent = (i - 1) >> 1) {
      heap[i] = heap[parent] as Clear
      i = parent
    }
    heap[i] = clear
  }

  /** Whether a range with this key, to which the walk has come, was cleared after the change at `place`. */
  isAfter(key: Uint8Array, place: number): boolean {
    for (;;) {
      const last = this.#begun[0]
      // One that has ended has no effect beneath another, and is removed once it is on top.
      if (last === undefined || last.end === null || compare(last.end, key) > 0) {
        return last !== undefined && last.place > place
      }
      this.#remove()
    }
  }

  #remove(): void {
    const heap = this.#begun
    const moved = heap.pop()
    if (moved === undefined || heap.length === 0) return
    let i = 0
    for (let child = 1; child < heap.length; child = i * 2 + 1) {
      if (child + 1 < heap.length && placeOf(heap, child + 1) > placeOf(heap, child)) child++
      if (placeOf(heap, child) <= moved.place) break
      heap[i] = heap[child] as Clear
      i = child
    }
    heap[i] = moved
  }
}

function placeOf(heap: readonly Clear[], i: number): number {
  return (heap[i] as Clear).place
}
