// The cores that were closed recently although they had peers. Their peers request them again, which counts as the same request.

/** How long a core counts as recently closed, in milliseconds. */
export const REPEAT_WINDOW = 10_000
/** A peer's closed cores are reopened within this many sweeps (10 seconds), unless it is known to want more of one of them. */
const REVIEW_SWEEPS = 100
/** The maximum to reopen in one sweep, so that it takes only a few percent of a processor. */
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

  /** Removes the cores that were closed longer ago. */
  forgetOld(now: number): void {
    for (const [id, time] of this.#times) {
      if (now - time < REPEAT_WINDOW) return
      this.#times.delete(id)
    }
  }
}

/** How many closed cores are reopened in a sweep, to find out whether they are wanted. */
export function reviewed(waiting: number): number {
  return Math.min(MOST_REVIEWED, Math.ceil(waiting / REVIEW_SWEEPS))
}
