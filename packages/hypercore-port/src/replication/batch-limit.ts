// The size of a batch of messages. While a muxer is corked, Protomux 3.12 puts up to 8 MB into one batch (`_pushBatch`), and does not say
// meanwhile that the stream is full. Hypercore answers all that waits in one batch: a peer that reads nothing had a store read 50 MB.

import type { Protomux } from '@coreyard/hypercore-types'

/** How many bytes are put into one batch before it is sent. */
const MOST_BATCHED = 2 ** 18

/** What of a muxer is replaced and read. */
interface Internals {
  readonly _batchState: { readonly end: number }
  _pushBatch(channel: number, message: Uint8Array): void
}

/** Has a muxer send batches early. */
export function limitBatches(muxer: Protomux): void {
  const internals = muxer as unknown as Internals
  const push = internals._pushBatch.bind(muxer)
  internals._pushBatch = (channel, message) => {
    push(channel, message)
    if (internals._batchState.end >= MOST_BATCHED) flush(muxer)
  }
}

/** Sends what a muxer holds back, and goes on holding back. */
function flush(muxer: Protomux): void {
  const { corked } = muxer
  for (let count = 0; count < corked; count++) muxer.uncork()
  for (let count = 0; count < corked; count++) muxer.cork()
}
