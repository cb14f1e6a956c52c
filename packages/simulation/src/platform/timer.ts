// What the virtual `setTimeout`, `setInterval` and `setImmediate` give.

import type { Clock } from './clock.js'

type Callback = (...args: unknown[]) => void

/** A timer of Node.js's interface on a virtual clock. */
export class VirtualTimer {
  due = 0
  /** Tells timers apart that are due together. */
  order = 0
  readonly #clock: Clock
  readonly #callback: Callback
  readonly #args: readonly unknown[]
  /** `null` for an immediate. */
  readonly #delay: number | null
  readonly #repeats: boolean
  #keepsAlive = true

  /** @param delay in milliseconds; `null` for an immediate */
  constructor(
    clock: Clock,
    callback: Callback,
    args: readonly unknown[],
    delay: number | null,
    repeats: boolean,
  ) {
    this.#clock = clock
    this.#callback = callback
    this.#args = args
    this.#delay = delay
    this.#repeats = repeats
    if (delay === null) clock.scheduleImmediate(this)
    else clock.schedule(this, delay)
  }

  /** Runs what is due. */
  fire(): void {
    if (this.#repeats && this.#delay !== null) this.#clock.schedule(this, this.#delay)
    this.#callback(...this.#args)
  }

  ref(): this {
    this.#keepsAlive = true
    return this
  }

  unref(): this {
    this.#keepsAlive = false
    return this
  }

  hasRef(): boolean {
    return this.#keepsAlive
  }

  refresh(): this {
    if (this.#delay !== null) this.#clock.schedule(this, this.#delay)
    return this
  }

  close(): this {
    this.#clock.cancel(this)
    return this
  }

  /** What it would run, for a person. */
  describe(): string {
    return `${this.#callback.name || this.#callback} after ${this.#delay} ms`
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
