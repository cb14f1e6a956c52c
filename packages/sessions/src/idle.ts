// The idle resources, least recently used first, and when one of them is closed: when there are more than `maxIdle`, or after
// `idleTimeout`. How an entry closes is in `pool`.
//
// Resources that are `'soft'` busy wait in a queue of their own, and those that are `'hard'` busy in none, so the next one to close is
// always at the front of a queue. The answer of `busy` may be out of date by the time a resource reaches the front. It is asked again
// there, and the resource moves to the other queue if it is busier now: at most twice for each use.
import { now } from './clock.js'
import type { Entry } from './entry.js'
import type { Busy } from './lifecycle.js'
import { Queue } from './queue.js'

/** The longest delay, in ms, that `setTimeout` takes; it fires at once for a longer one. */
const MAX_DELAY = 2 ** 31 - 1

export class Idle<T extends object> {
  readonly #free = new Queue<Entry<T>>()
  readonly #soft = new Queue<Entry<T>>()
  readonly #maxIdle: number
  readonly #timeout: number
  readonly #busy: (resource: T) => Busy
  readonly #evicting: (resource: T) => void
  readonly #close: (entry: Entry<T>) => void
  #timer: ReturnType<typeof setTimeout> | null = null
  #paused = false

  /** `close` must take the entry out, with `remove`. */
  constructor(
    maxIdle: number,
    timeout: number,
    busy: (resource: T) => Busy,
    evicting: (resource: T) => void,
    close: (entry: Entry<T>) => void,
  ) {
    this.#maxIdle = maxIdle
    this.#timeout = timeout
    this.#busy = busy
    this.#evicting = evicting
    this.#close = close
  }

  get size(): number {
    return this.#free.size + this.#soft.size
  }

  /** Adds an open entry without a lease as the most recently used one, unless it is `'hard'` busy. */
  add(entry: Entry<T>): void {
    const busy = this.#busy(entry.resource)
    this.remove(entry)
    // `busy` is foreign code: it may have acquired the entry or closed it.
    if (entry.leases > 0 || entry.closing || busy === 'hard') return
    if (this.#timeout !== Infinity) entry.idleSince = now()
    this.#queue(busy).push(entry)
    while (this.size > this.#maxIdle) this.#closeOrMove(this.#free.first ?? this.#soft.first)
    this.#schedule()
  }

  remove(entry: Entry<T>): void {
    entry.queue?.remove(entry)
  }

  /** Closes nothing for its age until `resume`. */
  pause(): void {
    this.#paused = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  resume(): void {
    this.#paused = false
    this.#schedule()
  }

  /** Closes the first of a queue, unless it has become busier than that queue tells. */
  #closeOrMove(entry: Entry<T> | null): void {
    if (entry === null) return
    const busy = this.#busy(entry.resource)
    if (busy === 'soft' && entry.queue === this.#soft) this.#evicting(entry.resource)
    // Both are foreign code: they may have acquired the entry or closed it.
    if (entry.queue === null) return
    if (busy === 'no' || (busy === 'soft' && entry.queue === this.#soft)) {
      this.#close(entry)
      return
    }
    this.remove(entry)
    if (busy === 'soft') this.#soft.push(entry)
  }

  #queue(busy: Exclude<Busy, 'hard'>): Queue<Entry<T>> {
    return busy === 'soft' ? this.#soft : this.#free
  }

  // One timer serves all. It is set for the first entry and left alone when that one is used meanwhile: it then
  // finds nothing to close and is set again, so that acquiring and releasing hardly ever touch it.
  #schedule(): void {
    const first = this.#free.first
    if (this.#paused || this.#timeout === Infinity || this.#timer !== null || first === null) return
    const delay = Math.ceil(first.idleSince + this.#timeout - now())
    const timer = setTimeout(() => this.#expire(), Math.min(Math.max(delay, 0), MAX_DELAY))
    // A browser's timer is a number and keeps nothing alive.
    if (typeof timer === 'object') timer.unref()
    this.#timer = timer
  }

  #expire(): void {
    this.#timer = null
    const before = now() - this.#timeout
    let first = this.#free.first
    while (first !== null && first.idleSince <= before) {
      this.#closeOrMove(first)
      first = this.#free.first
    }
    this.#schedule()
  }
}
