// Messages of Hypercore's protocol that would cost the process seconds or hundreds of megabytes, and that no honest peer sends. Hypercore
// 11.39 believes a peer whatever it says that it has: 13 bytes that say "2^29 blocks" stop the process for 3.6 seconds and take
// 176 MB (lib/remote-bitfield.js). They are left out before Hypercore reads them, as if the peer had not said it.

import type { Channel, ChannelOptions, MessageOptions, Peer, Protomux } from '@coreyard/hypercore-types'
import { limitBatches } from './batch-limit.js'
import { PROTOCOL } from './protocol.js'
import { type Request, RequestQueue } from './request-queue.js'

/** The messages by their number (lib/replicator.js, `_makePeer`). */
const REQUEST = 1
const CANCEL = 2
const BITFIELD = 7
const RANGE = 8

/** How many blocks past what is known of a core a peer may say that it has: 2 MB of bitfields. */
const MOST_AHEAD = 2 ** 22
/** How many blocks a peer may describe at once, in ranges that do not begin with the first block. They are written out bit by bit. */
const MOST_DESCRIBED = 2 ** 23
/** How many of those it may describe in each further second: some 2% of a processor. */
const DESCRIBED_PER_SECOND = 2 ** 21
/** How many requests of a channel may be in Hypercore without an answer. It sends up to 512 at a time. */
const MOST_REQUESTS = 4096

/** What a peer has, from `start` on. */
interface Range {
  readonly drop: boolean
  readonly start: number
  readonly length: number
}

/** The same, as bits. */
interface Bitfield {
  readonly start: number
  readonly bitfield: Uint32Array
}

/** What of Hypercore's peer is read here that its types do not have. */
interface Internals {
  readonly remoteRequests: ReadonlyMap<number, unknown>
}

type AnyMessage = MessageOptions<unknown>
type Messages = NonNullable<ChannelOptions['messages']>

const guarded = new WeakSet<Protomux>()

/** Guards the channels of Hypercores that are opened on a muxer from now on, whoever opens them. */
export function guardMessages(muxer: Protomux): void {
  if (guarded.has(muxer)) return
  guarded.add(muxer)
  const allowance = new Allowance()
  const createChannel = muxer.createChannel.bind(muxer) as (options: ChannelOptions) => Channel | null
  Object.assign(muxer, {
    createChannel(options: ChannelOptions) {
      if (options.protocol !== PROTOCOL || options.messages === undefined) return createChannel(options)
      const channel = createChannel(guard(options, options.messages, allowance))
      if (channel !== null) limitBatches(channel, muxer)
      return channel
    },
  })
}

function guard(options: ChannelOptions, messages: Messages, allowance: Allowance): ChannelOptions {
  const request = messages[REQUEST]
  // A channel has one queue, and is the same in each call.
  let channel: Channel | null = null
  const queue = new RequestQueue((value) => {
    return channel?.closed === false ? request?.onmessage?.(value, channel) : undefined
  })
  const guards: Record<number, (message: AnyMessage) => AnyMessage> = {
    [REQUEST]: (message) => ({
      ...message,
      onmessage: (value, of) => {
        channel = of
        return hasFewRequests(of.userData as Peer) ? queue.add(value as Request) : undefined
      },
    }),
    [CANCEL]: (message) =>
      checked<{ request: number }>(message, ({ request: id }) => {
        queue.cancel(id)
        return true
      }),
    [BITFIELD]: (message) => checked<Bitfield>(message, isNear),
    [RANGE]: (message) => checked<Range>(message, (range, peer) => allowance.permits(range, peer)),
  }
  return {
    ...options,
    messages: messages.map((message, number) => message && (guards[number]?.(message) ?? message)),
    onclose: (isRemote, of) => {
      queue.clear()
      return options.onclose?.(isRemote, of)
    },
  }
}

/** A message that reaches Hypercore only if it is permitted. */
function checked<Value>(message: AnyMessage, permits: (value: Value, peer: Peer) => boolean): AnyMessage {
  const { onmessage } = message
  return {
    ...message,
    onmessage: (value, channel) => {
      return permits(value as Value, channel.userData as Peer)
        ? onmessage?.call(message, value, channel)
        : undefined
    },
  }
}

/** Whether few requests wait in Hypercore, as they do when the peer does not read what it is sent. */
function hasFewRequests(peer: Peer): boolean {
  return (peer as unknown as Internals).remoteRequests.size < MOST_REQUESTS
}

function isNear({ start, bitfield }: Bitfield, peer: Peer): boolean {
  return start + bitfield.byteLength * 8 <= lengthOf(peer) + MOST_AHEAD
}

/** How long a core is, as far as that is proven. */
function lengthOf({ core }: Peer): number {
  return core.state?.length ?? 0
}

/** How many blocks a peer may describe. */
class Allowance {
  #left = MOST_DESCRIBED
  #since = Date.now()

  permits({ drop, start, length }: Range, peer: Peer): boolean {
    // A number is kept: nothing is written out.
    if (start === 0 && !drop) return true
    const contiguous = peer.remoteContiguousLength
    // Hypercore then writes out all that is left of a contiguous length.
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
