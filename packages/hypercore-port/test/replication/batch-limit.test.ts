// What a muxer holds back while it is corked.

import SecretStream from '@hyperswarm/secret-stream'
import Protomux from 'protomux'
import { expect, test } from 'vitest'
import { guardMessages } from '../../src/replication.js'
import { later } from '../live.js'

const DATA = 3
const block = { value: Buffer.alloc(65_536) }

/** What a muxer writes. Hypercore's channel has at least these kinds of messages. */
function openChannel() {
  const stream = new SecretStream(true)
  stream.on('error', () => {})
  later(() => stream.destroy())
  const muxer = Protomux.from(stream)
  guardMessages(muxer)
  const encoding = {
    preencode: (state: { end: number }) => {
      state.end += block.value.byteLength
    },
    encode: (state: { start: number }) => {
      state.start += block.value.byteLength
    },
    decode: () => null,
  }
  const channel = muxer.createChannel({
    protocol: 'hypercore/alpha',
    id: Buffer.alloc(32),
    messages: Array.from({ length: DATA + 1 }, () => ({ encoding })),
  })
  if (channel === null) throw new Error('The stream has ended')
  channel.open()
  return { muxer, channel, send: () => channel.messages[DATA]?.send({ block }) }
}

test('a corked muxer sends blocks before it holds a megabyte of them, and says that the stream is full', () => {
  const { muxer, send } = openChannel()
  muxer.cork()
  let count = 0
  while (muxer.drained && count < 100) {
    send()
    count++
  }
  expect(count).toBeLessThan(16)
  expect(muxer.corked).toBe(1)
  muxer.uncork()
})

test('few blocks are one batch', () => {
  const { muxer, send } = openChannel()
  muxer.cork()
  send()
  expect(send()).toBe(true)
  expect(muxer.drained).toBe(true)
  muxer.uncork()
  expect(muxer.drained).toBe(false)
})
