// The size of a batch of answers. While a muxer is corked, Protomux 3.12 puts up to 8 MB into one batch, and does not say meanwhile that
// the stream is full. Hypercore answers all that waits in one batch, so that a peer that reads nothing had a store read 50 MB.

import type { Channel, Protomux } from '@coreyard/hypercore-types'

/** The number of the message that has a block (lib/replicator.js, `_makePeer`). */
const DATA = 3
/** How many bytes of blocks are put into one batch before it is sent. */
const MOST_BATCHED = 2 ** 18

/** What of a `data` message is read here. */
interface Data {
  readonly block: { readonly value: Uint8Array } | null
}

/** Sends batches of a channel of a Hypercore early. */
export function limitBatches(channel: Channel, muxer: Protomux): void {
  const message = channel.messages[DATA]
  if (message === undefined) return
  const send = message.send.bind(message)
  let batched = 0
  message.send = (value) => {
    const isMore = send(value)
    if (muxer.corked === 0) return isMore
    batched += (value as Data).block?.value.byteLength ?? 0
    if (batched < MOST_BATCHED) return isMore
    batched = 0
    flush(muxer)
    return muxer.drained
  }
}

/** Sends what a muxer holds back, and goes on holding back. */
function flush(muxer: Protomux): void {
  const { corked } = muxer
  for (let count = 0; count < corked; count++) muxer.uncork()
  for (let count = 0; count < corked; count++) muxer.cork()
}
