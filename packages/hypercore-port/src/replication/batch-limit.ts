// Limits the size of a batch of messages. While a muxer is corked, Protomux 3.12 puts up to 8 MB into one batch (`_pushBatch`), and does
// not report meanwhile that the stream is full. Hypercore answers all waiting requests in one batch: a peer that reads nothing made a store
// read 50 MB.

import type { Protomux } from '@coreyard/hypercore-types'

/** How many bytes are put into one batch before it is sent. */
const MOST_BATCHED = 2 ** 18

/** The members of a muxer that are replaced and read. */
interface Internals {
  readonly _batchState: { readonly end: number }
  _pushBatch(channel: number, message: Uint8Array): void
}

/** Makes a muxer send batches early. */
export function limitBatches(muxer: Protomux): void {
  const internals = muxer as unknown as Internals
  const push = internals._pushBatch.bind(muxer)
  internals._pushBatch = (channel, message) => {
    push(channel, message)
    if (internals._batchState.end >= MOST_BATCHED) flush(muxer)
  }
}

/** Sends the messages that a muxer holds back, and keeps it corked. */
export function flush(muxer: Protomux): void {
  const { corked } = muxer
  for (let count = 0; count < corked; count++) muxer.uncork()
  for (let count = 0; count < corked; count++) muxer.cork()
}
