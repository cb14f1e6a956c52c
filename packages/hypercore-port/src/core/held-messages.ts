// The messages of one channel that wait for a sync, in their order. What can wait is bounded: what one message says and the next one says
// too is held once, and a peer that asks for more blocks meanwhile waits before they are read.

import type { Channel } from '@coreyard/hypercore-types'

/** The messages of Hypercore's channel that say what a core has, by their number (lib/replicator.js, `_makePeer`). */
export const TELLING = { sync: 0, data: 3, noData: 4, bitfield: 7, range: 8 } as const
export type Telling = (typeof TELLING)[keyof typeof TELLING]

/** So many requests of a peer are answered at a time, or have an answer that waits for a sync: each can have a block of several megabytes. */
const MOST_ANSWERS = 64
/** A peer for which more messages or requests than this wait is no honest one: its channel closes. */
const MOST_HELD = 10_000

interface Held {
  readonly number: Telling
  readonly send: (value: unknown) => void
  readonly value: unknown
}

interface Range {
  readonly drop: boolean
  readonly start: number
  readonly length: number
}

/** Hypercore's peer, as far as it is wrapped. What it is asked is an object of which nothing is read here. */
interface PeerInternals {
  /** Requests that Hypercore answers when the stream is drained. */
  readonly receiverQueue: { push(request: object): void }
  _handleRequest(request: object): Promise<void>
}

/** Says what may be sent. */
export interface Gate {
  isOpen(): boolean
  /** Resolves when what was there before is synced. */
  sync(): Promise<void>
}

export class HeldMessages {
  readonly #channel: Channel
  readonly #gate: Gate
  #waiting: Held[] = []
  #isReleasing = false
  /** How many requests are being answered, and how many answers wait. */
  #answers = 0
  /** Requests that wait until answers have been sent. */
  #requests: object[] = []
  readonly #peer: PeerInternals
  readonly #answer: (request: object) => Promise<void>

  /** @param channel through which none has gone yet */
  constructor(channel: Channel, gate: Gate) {
    this.#channel = channel
    this.#gate = gate
    const peer = channel.userData as PeerInternals
    this.#peer = peer
    const answer = peer._handleRequest
    this.#answer = (request) => answer.call(peer, request)
    peer._handleRequest = (request) => this.#request(request)
  }

  /** Sends the message, at once or later. */
  send(number: Telling, value: unknown, send: Held['send']): void {
    if (!this.#isReleasing && this.#gate.isOpen()) {
      send(value)
      return
    }
    this.#hold({ number, send, value: number === TELLING.bitfield ? copyOf(value) : value })
    if (!this.#isReleasing) void this.#release()
  }

  #hold(message: Held): void {
    // Each append has a sync and a range: the last sync counts, and ranges that touch are one.
    const { length } = this.#waiting
    for (let index = length - 1; index >= Math.max(0, length - 2); index--) {
      const merged = merge(this.#waiting[index], message)
      if (merged === null) continue
      this.#waiting[index] = merged
      return
    }
    if (message.number === TELLING.data) this.#answers++
    this.#waiting.push(message)
    this.#checkLimit()
  }

  /** Answers a request, unless too many answers wait. */
  async #request(request: object): Promise<void> {
    if (this.#answers >= MOST_ANSWERS) {
      this.#requests.push(request)
      this.#checkLimit()
      return
    }
    this.#answers++
    try {
      await this.#answer(request)
    } finally {
      this.#answers--
      if (!this.#isReleasing) this.#goOn()
    }
  }

  #checkLimit(): void {
    if (this.#waiting.length + this.#requests.length > MOST_HELD) this.#channel.close()
  }

  /** Sends what is held, each message after a sync that began when the message was there. */
  async #release(): Promise<void> {
    this.#isReleasing = true
    while (this.#waiting.length > 0 && !this.#channel.closed) {
      const messages = this.#waiting
      this.#waiting = []
      if (!this.#gate.isOpen()) await this.#gate.sync()
      this.#channel.cork()
      for (const { number, send, value } of messages) {
        send(value)
        if (number === TELLING.data) this.#answers--
      }
      // One sync releases messages on many channels of a stream, one after the other: they go out as one packet.
      queueMicrotask(() => {
        this.#channel.uncork()
        this.#goOn()
      })
    }
    this.#waiting = []
    this.#isReleasing = false
  }

  /** Answers requests that have waited, as many as may be. Those of a peer that does not read are Hypercore's until it does. */
  #goOn(): void {
    while (this.#answers < MOST_ANSWERS) {
      const request = this.#requests.shift()
      if (request === undefined) return
      if (this.#channel.closed) continue
      if (this.#channel.drained)
        this.#request(request).catch(() => {}) // as Hypercore, whose peer has ended
      else this.#peer.receiverQueue.push(request)
    }
  }
}

/** One message that says what two say, in place of the first; `null` if there is none. */
function merge(first: Held | undefined, second: Held): Held | null {
  if (first?.number !== second.number) return null
  if (first.number === TELLING.sync) return second
  if (first.number !== TELLING.range) return null
  const [one, other] = [first.value as Range, second.value as Range]
  const start = Math.min(one.start, other.start)
  const end = Math.max(one.start + one.length, other.start + other.length)
  if (one.drop || other.drop || end - start > one.length + other.length) return null
  return { ...first, value: { ...one, start, length: end - start } }
}

/** Hypercore sends bitfields from the memory that it changes. */
function copyOf(value: unknown): unknown {
  const { start, bitfield } = value as { start: number; bitfield: Uint32Array }
  return { start, bitfield: bitfield.slice() }
}
