// What is read from a peer before Protomux and Hypercore read it, and that these still have the parts that it relies on.

import type { Channel, NoiseSecretStream } from '@coreyard/hypercore-types'
import SecretStream from '@hyperswarm/secret-stream'
import Protomux from 'protomux'
import { expect, test } from 'vitest'
import { MuxerGate } from '../src/muxer-gate.js'
import { RequestQueue } from '../src/request-queue.js'
import { connection, join } from '../src/test/streams.js'
import { deferred, openStore, until } from './peers.js'

test('Protomux has the parts that the gate replaces and reads', () => {
  const [stream] = connection()
  const muxer = Protomux.from(stream) as unknown as Record<string, unknown>
  for (const method of ['_decode', '_onbatch', '_rejectSession']) expect(muxer[method]).toBeTypeOf('function')
  expect([muxer._paused, muxer._remote]).toEqual([false, []])
})

test('a stream that is piped takes in no more than it is read', async () => {
  const store = await openStore()
  const made = store.replicator.replicate(false)
  const far = new SecretStream(true)
  far.on('error', () => {})
  join(made, far.rawStream as never)
  await far.opened
  const reader = { isFull: true, isLow: false }
  const gate = MuxerGate.of(Protomux.from(made.noiseStream))
  gate.add(reader)
  gate.hold()
  // Messages for a channel that is not open.
  const block = new Uint8Array(65_536).fill(1)
  let written = 0
  while (far.write(block) && written < 100) written++
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
  const before = made.noiseStream.rawBytesRead
  for (let more = 0; more < 50; more++) far.write(block)
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(made.noiseStream.rawBytesRead).toBeLessThanOrEqual(before + 65_536)
  reader.isFull = false
  reader.isLow = true
  gate.goOn()
  await until(() => made.noiseStream.rawBytesRead >= 51 * 65_536)
})

test('Hypercore has the parts that are replaced and read', async () => {
  const store = await openStore()
  const { core } = await store.write(['block'])
  expect(core?.replicator).toMatchObject({
    _onstreamclose: expect.any(Function),
    _ifAvailable: expect.any(Number),
    _checkUpgradeIfAvailable: expect.any(Function),
  })
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
