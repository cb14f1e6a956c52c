// The time of day, as the code under test is told it: it stands still, or passes when the test says so.

import { onTestFinished, vi } from 'vitest'

/** Replaces `Date.now` until the test has finished. Timers are as ever. */
export class Clock {
  #time = Date.now()
  /** Since when it goes, as `performance.now()`; `null` while it stands still. */
  #since: number | null = null

  constructor() {
    const now = vi.spyOn(Date, 'now').mockImplementation(() => {
      return Math.floor(this.#time + (this.#since === null ? 0 : performance.now() - this.#since))
    })
    onTestFinished(() => now.mockRestore())
  }

  pass(milliseconds: number): void {
    this.#time += milliseconds
  }

  /** Lets time pass as it does, from now on. */
  run(): void {
    this.#since ??= performance.now()
  }
}
