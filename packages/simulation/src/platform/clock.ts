// Virtual time. Nothing waits for real time: when all that can run has run, the clock jumps to the next timer.

import { VirtualTimer } from './timer.js'

/** What the wall clock says when a run begins: 2026-01-01, in milliseconds since 1970. */
const EPOCH = 1_767_225_600_000

/** How long a turn of the event loop takes at least, in milliseconds. Without it, a loop of immediates would hold up every timer. */
const TURN = 0.01

/** Node.js's own: it lets every microtask and `nextTick` run before it calls back. */
const realImmediate = setImmediate

export class Clock {
  /** Milliseconds since the run began. */
  now = 0
  /** By due time, then by the order in which they were set. */
  readonly #timers: VirtualTimer[] = []
  readonly #immediates = new Set<VirtualTimer>()
  #order = 0
  /** Callbacks so far. */
  #calls = 0
  readonly #effort: () => number
  readonly #thrown: (error: unknown) => void

  /**
   * @param effort how long a piece of work takes a processor, in milliseconds
   * @param thrown told what a callback throws
   */
  constructor(effort: () => number, thrown: (error: unknown) => void) {
    this.#effort = effort
    this.#thrown = thrown
  }

  /** Milliseconds since 1970. */
  get wall(): number {
    return EPOCH + Math.floor(this.now)
  }

  /** What `performance.now` says. Work takes time: code that looks at the clock often sees it advance. */
  look(): number {
    this.now += this.#effort()
    return this.now
  }

  /** How many callbacks have run. */
  get calls(): number {
    return this.#calls
  }

  /** Timers and immediates that are still to come. */
  get pending(): readonly VirtualTimer[] {
    return [...this.#timers, ...this.#immediates]
  }

  schedule(timer: VirtualTimer, delay: number): void {
    this.cancel(timer)
    timer.due = this.now + delay
    timer.order = this.#order++
    let index = this.#timers.length
    while (index > 0 && (this.#timers[index - 1] as VirtualTimer).due > timer.due) index--
    this.#timers.splice(index, 0, timer)
  }

  scheduleImmediate(timer: VirtualTimer): void {
    this.#immediates.add(timer)
  }

  cancel(timer: VirtualTimer): void {
    this.#immediates.delete(timer)
    const index = this.#timers.indexOf(timer)
    if (index !== -1) this.#timers.splice(index, 1)
  }

  /** Drops everything that is still to come. */
  clear(): void {
    this.#timers.length = 0
    this.#immediates.clear()
  }

  after(milliseconds: number, callback: () => void): VirtualTimer {
    return new VirtualTimer(this, callback, [], milliseconds, false)
  }

  /** Settles `milliseconds` of virtual time later. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(milliseconds, resolve)
    })
  }

  /**
   * Runs what is due, one callback after the other, until `isDone`.
   *
   * @param most how many callbacks may run
   * @returns `'stuck'` if nothing is left that could run, `'busy'` if there is no end to it
   */
  async drive(isDone: () => boolean, most = Number.POSITIVE_INFINITY): Promise<'done' | 'stuck' | 'busy'> {
    for (;;) {
      await new Promise((resolve) => realImmediate(resolve))
      if (isDone()) return 'done'
      const next = this.#next()
      if (next === null) return 'stuck'
      if (this.#calls++ === most) return 'busy'
      this.now += this.#effort()
      try {
        next.fire()
      } catch (error) {
        this.#thrown(error)
      }
    }
  }

  /** As in Node.js, what is due comes before immediates. */
  #next(): VirtualTimer | null {
    const [first] = this.#timers
    for (const immediate of this.#immediates) {
      if (first !== undefined && first.due <= this.now) break
      this.#immediates.delete(immediate)
      this.now += TURN
      return immediate
    }
    if (first === undefined) return null
    this.#timers.shift()
    this.now = Math.max(this.now, first.due)
    return first
  }
}
