// The requests of one peer: a limited number is looked up at a time, the others wait in order, and none blocks its stream forever. The
// policy decides what to answer.

import { ShortLived } from '@coreyard/hypercore-port/replication'
import type { Intake } from './intake.js'
import { keyId } from './key-id.js'
import type { CheckedLimits } from './limits.js'
import type { Outcomes } from './outcomes.js'
import type { Stored } from './replicator.js'

/**
 * A request without an answer is refused after this many milliseconds, so that the stream is read further. A later answer may still attach
 * the core.
 */
const ANSWER_LIMIT = 10_000

type Answer = (discoveryKey: Uint8Array) => Stored | Promise<Stored>

export interface AsksListener {
  /** Answers a request. A throw or a rejection refuses it. */
  answer: Answer
  /** Called with the error if `answer` fails. */
  onerror(error: unknown): void
  /** Requests have been answered: the stream may be read further. */
  onanswered(): void
}

/** A request that has no answer yet, or waits for capacity. */
interface Ask {
  readonly id: string
  readonly discoveryKey: Uint8Array
  /** The answer to the peer: whether the core is attached. */
  readonly told: Promise<boolean>
  readonly tell: (answer: boolean) => void
  /** When it began to be looked up, in milliseconds. */
  since: number
}

export class Asks {
  readonly #intake: Intake
  readonly #limits: CheckedLimits
  readonly #outcomes: Outcomes
  readonly #answer: Answer
  readonly #onerror: (error: unknown) => void
  readonly #onanswered: () => void
  /** Those that are not settled, by discovery key. */
  #asks = new ShortLived<string, Ask>()
  readonly #queue: Ask[] = []
  /** Those that are looked up, in the order in which they began. */
  readonly #running: Ask[] = []
  #timer: ReturnType<typeof setTimeout> | null = null
  #ended = false

  constructor(
    intake: Intake,
    limits: CheckedLimits,
    outcomes: Outcomes,
    { answer, onerror, onanswered }: AsksListener,
  ) {
    this.#intake = intake
    this.#limits = limits
    this.#outcomes = outcomes
    this.#answer = answer
    this.#onerror = onerror
    this.#onanswered = onanswered
  }

  /** Whether no further request should be read: the stream has reached its share of requests in progress. */
  get isFull(): boolean {
    return this.#unanswered >= this.#intake.part
  }

  /** Whether further requests should be read again. */
  get isLow(): boolean {
    return this.#unanswered <= this.#intake.part >> 1
  }

  /**
   * Called when the peer requests a core. Several requests for the same core share an answer.
   *
   * @returns whether the core is attached now
   */
  ask(discoveryKey: Uint8Array): boolean | Promise<boolean> {
    const id = keyId(discoveryKey)
    const same = this.#asks.get(id)
    if (same !== undefined) return same.told
    if (this.#ended) return false
    if (this.#asks.size >= this.#limits.maxAsks) {
      this.#outcomes.note(discoveryKey, 'limit')
      return false
    }

    const ask = newAsk(id, discoveryKey)
    this.#asks.set(id, ask)
    this.#queue.push(ask)
    this.#begin()
    return ask.told
  }

  /** Called when the stream has closed: requests that wait are not looked up any more. */
  end(): void {
    this.#ended = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    for (const { tell } of [...this.#queue, ...this.#running]) tell(false)
    this.#queue.length = 0
    this.#running.length = 0
    this.#asks = new ShortLived()
    this.#intake.note(this, this.#unanswered > 0)
  }

  get #unanswered(): number {
    return this.#queue.length + this.#running.length
  }

  #begin(): void {
    while (this.#running.length < this.#limits.maxLookups) {
      const ask = this.#queue.shift()
      if (ask === undefined) break
      ask.since = Date.now()
      this.#running.push(ask)
      void this.#run(ask)
    }
    this.#intake.note(this, this.#unanswered > 0)
    if (this.#running.length > 0) this.#watch()
  }

  async #run(ask: Ask): Promise<void> {
    try {
      const stored = await this.#answer(ask.discoveryKey)
      if (stored === false && !this.#ended) this.#outcomes.refused(ask.discoveryKey, ask.since)
      this.#answered(ask, stored === true)
      if (typeof stored === 'object') await stored.settled
    } catch (error) {
      this.#onerror(error)
      this.#outcomes.note(ask.discoveryKey, 'failed')
      this.#answered(ask, false)
    } finally {
      if (this.#asks.get(ask.id) === ask) this.#asks.delete(ask.id)
    }
  }

  #answered(ask: Ask, answer: boolean): void {
    ask.tell(answer)
    const index = this.#running.indexOf(ask)
    if (index === -1) return
    this.#running.splice(index, 1)
    this.#begin()
    this.#onanswered()
  }

  /** Refuses those that have been looked up for too long, and forgets them. */
  #watch(): void {
    if (this.#timer !== null) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      const now = Date.now()
      for (const ask of [...this.#running]) {
        if (now - ask.since < ANSWER_LIMIT) break // they are in the order in which they began
        this.#asks.delete(ask.id)
        this.#outcomes.note(ask.discoveryKey, 'late')
        this.#answered(ask, false)
      }
      if (this.#running.length > 0) this.#watch()
    }, ANSWER_LIMIT / 10)
    // A browser's timer is a number and keeps nothing alive.
    if (typeof this.#timer === 'object') this.#timer.unref()
  }
}

function newAsk(id: string, discoveryKey: Uint8Array): Ask {
  let tell: (answer: boolean) => void = () => {}
  const told = new Promise<boolean>((resolve) => {
    tell = resolve
  })
  return { id, discoveryKey, told, tell, since: 0 }
}
