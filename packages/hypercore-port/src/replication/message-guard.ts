// Messages of Hypercore's protocol that would cost the process seconds or hundreds of megabytes, and that no honest peer sends. Hypercore
// 11.39 believes a peer whatever it says that it has: 13 bytes that say "2^29 blocks" stop the process for 3.6 seconds and take
// 176 MB (lib/remote-bitfield.js). They are dropped before Hypercore reads them, as if the peer had not sent them.

import type { Channel, ChannelOptions, Peer, Protomux } from '@coreyard/hypercore-types'
import { checkedAnswers, checkedSyncs } from './answers.js'
import { limitBatches } from './batch-limit.js'
import { PROTOCOL } from './protocol.js'
import { type Request, RequestQueue } from './request-queue.js'
import { type Want, WantQueue } from './want-queue.js'

/** The messages by their number (lib/replicator.js, `_makePeer`). */
const SYNC = 0
const REQUEST = 1
const CANCEL = 2
const DATA = 3
const WANT = 5
const UNWANT = 6
const BITFIELD = 7
const RANGE = 8

/** How many blocks beyond the known length of a core a peer may say that it has: 2 MB of bitfields. */
const MOST_AHEAD = 2 ** 22
/** How many blocks a peer may describe at once, in ranges that do not begin with the first block. Hypercore sets them bit by bit. */
const MOST_DESCRIBED = 2 ** 23
/** How many of those it may describe in each further second: some 2% of a processor. */
const DESCRIBED_PER_SECOND = 2 ** 21
/** How many requests of a channel may wait in Hypercore for an answer. An honest peer sends up to 512 at a time. */
const MOST_REQUESTS = 4096

/** What a peer has, from `start` on. */
interface Range {
  readonly drop: boolean
  readonly start: number
  readonly length: number
}

/** What a peer has, from `start` on, as bits. */
interface Bitfield {
  readonly start: number
  readonly bitfield: Uint32Array
}

/** The members of Hypercore's peer that are read here and that its types lack. */
interface Internals {
  readonly remoteRequests: ReadonlyMap<number, unknown>
}

type OnMessage = (value: unknown, channel: Channel) => unknown

const guarded = new WeakSet<Protomux>()

/** Guards the channels of Hypercores that are opened on a muxer from now on, by any code. */
export function guardMessages(muxer: Protomux): void {
  if (guarded.has(muxer)) return
  guarded.add(muxer)
  limitBatches(muxer)
  const guard = new MessageGuard()
  const createChannel = muxer.createChannel.bind(muxer) as (options: ChannelOptions) => Channel | null
  Object.assign(muxer, {
    createChannel(options: ChannelOptions) {
      const channel = createChannel(options)
      if (channel?.protocol === PROTOCOL) guard.add(channel)
      return channel
    },
  })
}

/**
 * The guard of one muxer. A muxer has thousands of channels, for which Hypercore uses the same functions. Each of these functions is
 * replaced by a single function, too.
 */
class MessageGuard {
  readonly #allowance = new Allowance()
  readonly #queues = new WeakMap<Channel, RequestQueue<Request>>()
  readonly #wants = new WeakMap<Channel, WantQueue>()
  readonly #guards: readonly [number, (original: OnMessage) => OnMessage, Map<OnMessage, OnMessage>][] = [
    [
      REQUEST,
      (original) => (request, channel) =>
        hasFewRequests(channel.userData as Peer)
          ? this.#queueOf(channel, original).add(request as Request)
          : undefined,
      new Map(),
    ],
    [
      CANCEL,
      (original) => (cancel, channel) => {
        this.#queues.get(channel)?.cancel((cancel as { request: number }).request)
        return original(cancel, channel)
      },
      new Map(),
    ],
    [WANT, (original) => (want, channel) => this.#wantsOf(channel, original).add(want as Want), new Map()],
    [
      UNWANT,
      (original) => (want, channel) => {
        this.#wants.get(channel)?.remove(want as Want)
        return original(want, channel)
      },
      new Map(),
    ],
    [SYNC, checkedSyncs, new Map()],
    [DATA, checkedAnswers, new Map()],
    [BITFIELD, (original) => checked(original, isNear), new Map()],
    [
      RANGE,
      (original) => checked<Range>(original, (range, peer) => this.#allowance.permits(range, peer)),
      new Map(),
    ],
  ]

  add({ messages }: Channel): void {
    for (const [number, guardOf, known] of this.#guards) {
      const message = messages[number]
      if (!message) continue
      const original: OnMessage = message.onmessage
      let instead = known.get(original)
      if (instead === undefined) {
        instead = guardOf(original)
        known.set(original, instead)
      }
      message.onmessage = instead
    }
  }

  #wantsOf(channel: Channel, original: OnMessage): WantQueue {
    let wants = this.#wants.get(channel)
    if (wants === undefined) {
      wants = new WantQueue(channel, original)
      this.#wants.set(channel, wants)
    }
    return wants
  }

  #queueOf(channel: Channel, original: OnMessage): RequestQueue<Request> {
    let queue = this.#queues.get(channel)
    if (queue === undefined) {
      const made = new RequestQueue((request) => {
        if (!channel.closed) return original(request, channel)
        made.clear()
        return undefined
      })
      queue = made
      this.#queues.set(channel, queue)
    }
    return queue
  }
}

/** Returns a handler that is called only for permitted messages. */
function checked<Value>(original: OnMessage, permits: (value: Value, peer: Peer) => boolean): OnMessage {
  return (value, channel) =>
    permits(value as Value, channel.userData as Peer) ? original(value, channel) : undefined
}

/** Whether few requests wait in Hypercore. They wait when the peer does not read its answers. */
function hasFewRequests(peer: Peer): boolean {
  return (peer as unknown as Internals).remoteRequests.size < MOST_REQUESTS
}

function isNear({ start, bitfield }: Bitfield, peer: Peer): boolean {
  return start + bitfield.byteLength * 8 <= lengthOf(peer) + MOST_AHEAD
}

/** Returns the proven length of a core. */
function lengthOf({ core }: Peer): number {
  return core.state?.length ?? 0
}

/** How many blocks a peer may describe. */
class Allowance {
  #left = MOST_DESCRIBED
  #since = Date.now()

  permits({ drop, start, length }: Range, peer: Peer): boolean {
    // Hypercore stores a number, and sets no bits.
    if (start === 0 && !drop) return true
    const contiguous = peer.remoteContiguousLength
    // Hypercore then sets the bits of the rest of a contiguous length.
    const described = drop && start < contiguous ? Math.max(length, contiguous - start) : length
    return start + described <= lengthOf(peer) + MOST_AHEAD && this.#take(described)
  }

  #take(blocks: number): boolean {
    const now = Date.now()
    const more = (Math.max(0, now - this.#since) / 1000) * DESCRIBED_PER_SECOND
    this.#left = Math.min(MOST_DESCRIBED, this.#left + more)
    this.#since = now
    if (blocks > this.#left) return false
    this.#left -= blocks
    return true
  }
}
