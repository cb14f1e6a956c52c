// A timer that is set for the earliest of several times.

export class SweepTimer {
  readonly #sweep: () => void
  #timer: ReturnType<typeof setTimeout> | null = null
  /** In milliseconds since 1970. */
  #due = Infinity

  constructor(sweep: () => void) {
    this.#sweep = sweep
  }

  /** Sweeps in `delay` milliseconds at the latest. */
  schedule(delay: number): void {
    const due = Date.now() + delay
    if (due >= this.#due) return
    this.stop()
    this.#due = due
    this.#timer = setTimeout(() => {
      this.stop()
      this.#sweep()
    }, delay)
    // A browser's timer is a number and keeps nothing alive.
    if (typeof this.#timer === 'object') this.#timer.unref()
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#due = Infinity
  }
}
