// How much all muxers of the process read in one turn of the event loop, of what costs most: messages that open, close or reject channels. A
// peer that asks for one core waits for some ten turns, so each of them is short, however many streams are flooded.

import { setImmediate } from 'node:timers'

/** How many of these messages are read in one turn of the event loop. */
const MOST = 512
/** How many messages a request counts as: one that opens a channel which is not open on this side. */
const REQUEST = 32

/** A muxer that has more to read than it may in this turn. */
export interface TurnTaker {
  /** Reads on, as far as `readingTurns.take` permits. Does not throw. */
  readOn(): void
}

class ReadingTurns {
  /** How many may still be read in this turn. */
  #left = MOST
  /** How many of them the muxer may read that reads on now. */
  #part = MOST
  /** Those that read on in the next turn, in order. */
  #line: TurnTaker[] = []

  /** Takes a place for one message. @returns whether there was one left in this turn */
  take(): boolean {
    if (this.#left <= 0 || this.#part <= 0) return false
    this.#planNext()
    this.#left--
    this.#part--
    return true
  }

  /** The message for which a place was taken last is a request. */
  countRequest(): void {
    this.#left -= REQUEST - 1
    this.#part -= REQUEST - 1
  }

  /** Has a muxer read on in a later turn, once. */
  wait(taker: TurnTaker): void {
    this.#planNext()
    this.#line.push(taker)
  }

  /** Called before anything of a turn is noted. */
  #planNext(): void {
    if (this.#left === MOST && this.#line.length === 0) setImmediate(() => this.#next())
  }

  /** Those in line share the turn. Those for whom nothing is left come first in the next one. */
  #next(): void {
    const line = this.#line
    this.#line = []
    this.#left = MOST
    try {
      while (line.length > 0 && this.#left > 0) {
        this.#part = Math.ceil(this.#left / line.length)
        line.shift()?.readOn()
      }
    } finally {
      // An error of one does not hold up the others.
      this.#part = MOST
      if (line.length > 0) this.#planNext()
      this.#line.unshift(...line)
    }
  }
}

export const readingTurns = new ReadingTurns()
