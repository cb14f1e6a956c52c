// What is read from a peer before Protomux and Hypercore read it.

import type { Channel, NoiseSecretStream } from '@coreyard/hypercore-types'
import SecretStream from '@hyperswarm/secret-stream'
import b4a from 'b4a'
import encodings from 'compact-encoding'
import Protomux from 'protomux'
import { expect, test } from 'vitest'
import { MuxerGate } from '../../src/replication/muxer-gate.js'
import { RequestQueue } from '../../src/replication/request-queue.js'
import { deferred } from '../deferred.js'
import { connection, later, until } from '../live.js'

test('a stream that is piped takes in no more than it is read', async () => {
  const near = new SecretStream(false)
  const far = new SecretStream(true)
  for (const end of [near, far]) {
    end.on('error', () => {})
    later(() => end.destroy())
  }
  const muxer = Protomux.from(near)
  near.userData = muxer
  near.rawStream.pipe(far.rawStream).pipe(near.rawStream)
  await far.opened
  const reader = { isFull: true, isLow: false }
  const gate = MuxerGate.of(muxer)
  gate.add(reader)
  gate.hold()
  // Messages for a channel that is not open.
  const block = new Uint8Array(65_536).fill(1)
  let written = 0
  while (far.write(block) && written < 100) written++
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
  const before = near.rawBytesRead
  for (let more = 0; more < 50; more++) far.write(block)
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(near.rawBytesRead).toBeLessThanOrEqual(before + 65_536)
  reader.isFull = false
  reader.isLow = true
  gate.goOn()
  await until(() => near.rawBytesRead >= 51 * 65_536)
})

test('a stream that is piped takes in little while batches are read in parts', async () => {
  const [near, far] = connection()
  const muxer = Protomux.from(near)
  MuxerGate.of(muxer)
  await far.opened
  far.resume()
  const opened = () => Reflect.get(muxer, '_remote').length
  const held = () => Reflect.get(near, '_readableState').buffered
  let most = 0
  const [channels, each] = [40_000, 400]
  let next = 1
  await until(() => {
    most = Math.max(most, held())
    if (next <= channels) far.write(openings(next, each))
    next += each
    return opened() === channels
  })
  expect(most).toBeLessThanOrEqual(4 * 65_536)
})

test('messages of a batch, and those after it, arrive in order while a reader is full', async () => {
  const [near, far] = connection()
  const received: number[] = []
  const reader = { isFull: false, isLow: true }
  const gate = MuxerGate.of(Protomux.from(near))
  gate.add(reader)
  const sender = channelOf(far)
  channelOf(near, (value) => received.push(value))
  await sender.fullyOpened()
  Protomux.from(near).pair({ protocol: 'asked' }, () => {
    reader.isFull = true
    reader.isLow = false
    gate.hold()
  })
  const [message] = sender.messages
  sender.cork()
  for (let value = 0; value < 10; value++) message?.send(Buffer.from([value]))
  Protomux.from(far).createChannel({ protocol: 'asked' })?.open()
  for (let value = 10; value < 20; value++) message?.send(Buffer.from([value]))
  sender.uncork()
  for (let value = 20; value < 30; value++) message?.send(Buffer.from([value]))

  await until(() => reader.isFull)
  await far.flush()
  expect(received).toEqual(numbers(10))
  reader.isFull = false
  reader.isLow = true
  gate.goOn()
  await until(() => received.length === 30)
  expect(received).toEqual(numbers(30))
})

test('a batch within a batch destroys its stream', async () => {
  const [near, far] = connection()
  MuxerGate.of(Protomux.from(near))
  await far.opened
  far.write(Buffer.from([0, 0, 0, 5, 0, 0, 1, 0, 0]))
  await until(() => near.destroyed)
})

test('a queue of requests answers so many at a time, in order, and leaves out what is cancelled', async () => {
  const answer = deferred()
  const begun: number[] = []
  const queue = new RequestQueue(async ({ id }) => {
    begun.push(id)
    await answer.promise
  })
  const adding = numbers(100).map((id) => queue.add({ id }))
  expect(begun).toEqual(numbers(64))
  queue.cancel(70)
  answer.resolve()
  await Promise.all(adding)
  expect(begun).toEqual(numbers(100).filter((id) => id !== 70))
})

test('a queue of requests is bounded, and forgets them when it is cleared', async () => {
  const answer = deferred()
  const begun: number[] = []
  const queue = new RequestQueue(async ({ id }) => {
    begun.push(id)
    await answer.promise
  })
  const adding = numbers(10_000).map((id) => queue.add({ id }))
  queue.clear()
  queue.add({ id: 20_000 })
  answer.resolve()
  await Promise.all(adding)
  expect(begun).toEqual([...numbers(64), 20_000])
})

/** A message that opens channels of a protocol that nobody speaks, from a number on. */
function openings(from: number, count: number): Uint8Array {
  const parts = numbers(count).map((index) => {
    const [low, high] = [(from + index) & 0xff, (from + index) >> 8]
    // The length of the message; it opens a channel: its number, the name of the protocol, an id of 60 bytes.
    return Buffer.from([68, 1, 0xfd, low, high, 1, 0x6e, 60, ...new Uint8Array(60).fill(1), 0])
  })
  return Buffer.concat([Buffer.from([0, 0, 0]), ...parts])
}

function channelOf(stream: NoiseSecretStream, onvalue: (value: number) => void = () => {}): Channel {
  const channel = Protomux.from(stream).createChannel({
    protocol: 'numbers',
    messages: [{ onmessage: (bytes) => onvalue((bytes as Uint8Array)[0] ?? -1) }],
  })
  if (channel === null) throw new Error('The stream is destroyed')
  channel.open()
  return channel as unknown as Channel
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

test.each([20, 3000])(
  'what follows %s openings in a batch is read, although the peer ends the stream',
  async (count) => {
    const [near, far] = connection()
    const [muxer, other] = [Protomux.from(near), Protomux.from(far)]
    MuxerGate.of(muxer)
    const read: unknown[] = []
    const app = { protocol: 'app', messages: [{ encoding: encodings.uint }] }
    muxer
      .createChannel({
        ...app,
        messages: [{ ...app.messages[0], onmessage: (value: number) => void read.push(value) }],
      })
      ?.open()
    const channel = other.createChannel(app)
    channel?.open()
    await channel?.fullyOpened()
    other.cork()
    for (let id = 0; id < count; id++)
      other.createChannel({ protocol: 'other', id: b4a.from(`${id}`) })?.open()
    for (const value of [1, 2]) channel?.messages[0]?.send(value)
    other.uncork()
    far.end()
    await until(() => near.destroyed)
    expect(read).toEqual([1, 2])
  },
)
