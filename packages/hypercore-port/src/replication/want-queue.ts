// The wants of one channel: the blocks that the peer wants to know about. Hypercore answers each immediately with bitfields of up to 64 KB.
// A peer with Hypercore 11.39 may withdraw a want and send it again each time it is answered, forever (core/wanted-range.ts).

import type { Channel } from '@coreyard/hypercore-types'

/** How many wants of a channel are answered immediately. Hypercore sends up to 512 in all, each for 2^21 blocks. */
const MOST_AT_ONCE = 512
/** The interval, in milliseconds, at which more are answered. */
const DELAY = 100
/** How many more are answered in each interval. */
const MOST_LATER = 8

/** The part of a want that is used here. */
export interface Want {
  readonly start: number
  readonly length: number
}

type Answer = (want: Want, channel: Channel) => unknown

/** Answers the wants of a channel in order: many at first, then a few at a time. */
export class WantQueue {
  readonly #channel: Channel
  readonly #answer: Answer
  readonly #waiting = new Map<string, Want>()
  #left = MOST_AT_ONCE
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(channel: Channel, answer: Answer) {
    this.#channel = channel
    this.#answer = answer
  }

  add(want: Want): unknown {
    if (this.#left > 0) {
      this.#left--
      return this.#answer(want, this.#channel)
    }
    this.#waiting.set(idOf(want), want)
    this.#schedule()
    return undefined
  }

  /** Call it when the peer has withdrawn a want. */
  remove(want: Want): void {
    this.#waiting.delete(idOf(want))
  }

  #schedule(): void {
    if (this.#timer !== null) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#goOn()
    }, DELAY)
    // In a browser, a timer is a number and has no `unref`.
    if (typeof this.#timer === 'object') this.#timer.unref()
  }

  #goOn(): void {
    if (this.#channel.closed) {
      this.#waiting.clear()
      return
    }
    for (const [id, want] of [...this.#waiting].slice(0, MOST_LATER)) {
      this.#waiting.delete(id)
      this.#answer(want, this.#channel)
    }
    if (this.#waiting.size > 0) this.#schedule()
  }
}

function idOf({ start, length }: Want): string {
  return `${start} ${length}`
}
