// The cores that were closed lately although they had peers. Their peers ask for them again by themselves, which counts as the same request.

/** For how long, in milliseconds. */
export const REPEAT_WINDOW = 10_000
/** Within how many sweeps a peer's closed cores are opened again, as long as it is not known to want more of one: 10 seconds. */
const REVIEW_SWEEPS = 100
/** How many of those to open in one sweep at most, so that it takes no more than some percent of a processor. */
const MOST_REVIEWED = 8

export class RecentlyEvicted {
  /** When each was closed, in the order of that time. */
  readonly #times = new Map<string, number>()

  get size(): number {
    return this.#times.size
  }

  has(id: string): boolean {
    return this.#times.has(id)
  }

  add(id: string): void {
    this.#times.delete(id)
    this.#times.set(id, Date.now())
  }

  delete(id: string): void {
    this.#times.delete(id)
  }

  clear(): void {
    this.#times.clear()
  }

  /** Forgets those that were closed longer ago. */
  forgetOld(now: number): void {
    for (const [id, time] of this.#times) {
      if (now - time < REPEAT_WINDOW) return
      this.#times.delete(id)
    }
  }
}

/** How many cores that were closed are opened again in a sweep, to see whether they are wanted. */
export function reviewed(waiting: number): number {
  return Math.min(MOST_REVIEWED, Math.ceil(waiting / REVIEW_SWEEPS))
}
