// The messages of one channel that wait for a sync, in their order. Their number is limited: consecutive messages are merged if possible,
// and requests for more blocks wait before the blocks are read.

import type { Channel } from '@coreyard/hypercore-types'

/** The messages of Hypercore's channel that say what a core has, by their number (lib/replicator.js, `_makePeer`). */
export const TELLING = { sync: 0, data: 3, noData: 4, bitfield: 7, range: 8 } as const
export type Telling = (typeof TELLING)[keyof typeof TELLING]

/** How many requests of a peer may be in progress, or have an answer that waits for a sync. Each may have a block of several megabytes. */
const MOST_ANSWERS = 64
/** If more messages or requests than this wait for a peer, the peer is not honest, and its channel closes. */
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

/** The part of Hypercore's peer that is wrapped. Requests are opaque here. */
interface PeerInternals {
  /** Requests that Hypercore answers when the stream is drained. */
  readonly receiverQueue: { push(request: object): void }
  _handleRequest(request: object): Promise<void>
}

/** Decides what may be sent. */
export interface Gate {
  isOpen(): boolean
  /** Resolves when everything before the call is synced. */
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

  /** @param channel a channel that has sent no message yet */
  constructor(channel: Channel, gate: Gate) {
    this.#channel = channel
    this.#gate = gate
    const peer = channel.userData as PeerInternals
    this.#peer = peer
    const answer = peer._handleRequest
    this.#answer = (request) => answer.call(peer, request)
    peer._handleRequest = (request) => this.#request(request)
  }

  /** Sends the message now or later. */
  send(number: Telling, value: unknown, send: Held['send']): void {
    if (!this.#isReleasing && this.#gate.isOpen()) {
      send(value)
      return
    }
    this.#hold({ number, send, value: number === TELLING.bitfield ? copyOf(value) : value })
    if (!this.#isReleasing) void this.#release()
  }

  #hold(message: Held): void {
    // Each append sends a sync and a range. Only the last sync is kept, and adjacent ranges are merged.
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

  /** Sends the held messages, each after a sync that began after the message was added. */
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
      // One sync releases messages on many channels of a stream, one after the other. They are sent as one packet.
      queueMicrotask(() => {
        this.#channel.uncork()
        this.#goOn()
      })
    }
    this.#waiting = []
    this.#isReleasing = false
  }

  /** Answers waiting requests, up to the limit. Requests of a peer that does not read are left to Hypercore until the peer reads. */
  #goOn(): void {
    while (this.#answers < MOST_ANSWERS) {
      const request = this.#requests.shift()
      if (request === undefined) return
      if (this.#channel.closed) continue
      if (this.#channel.drained)
        this.#request(request).catch(() => {}) // like Hypercore: the peer has ended
      else this.#peer.receiverQueue.push(request)
    }
  }
}

/** Returns one message that replaces two; `null` if they cannot be merged. */
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

/** Copies the bitfield of a message, because Hypercore changes its memory later. */
function copyOf(value: unknown): unknown {
  const { start, bitfield } = value as { start: number; bitfield: Uint32Array }
  return { start, bitfield: bitfield.slice() }
}
