// What Hypercore's replicator does with a muxer and its channels.

import Protomux from 'protomux'
import { expect, test } from 'vitest'
import { stopDownloading } from '../../src/index.js'
import { attach, coreChannels, ExpectedPeer, forgetListeners } from '../../src/replication.js'
import { connection, newCore, session, until } from '../live.js'

async function attachedPair(asksAgain: boolean) {
  const core = await newCore()
  await session(core).append('a')
  const copy = await newCore({ key: core.key })
  const reader = session(copy)
  await reader.ready()
  const [near, far] = connection()
  await Promise.all([near.opened, far.opened])
  const [muxer, other] = [Protomux.from(near), Protomux.from(far)]
  const ends: boolean[] = []
  attach(core, muxer, { asksAgain, onend: (byPeer) => ends.push(byPeer) })
  attach(copy, other, { asksAgain, onend: () => {} })
  await reader.get(0)
  return { core, copy, muxer, other, near, ends }
}

test('Replicator.attachTo opens a channel whose user data is a peer with its core', async () => {
  const { core, muxer } = await attachedPair(false)
  const channels = [...coreChannels(muxer)]
  expect(channels.map((channel) => channel.core)).toEqual([core])
  expect(channels[0]?.channel.protocol).toBe('hypercore/alpha')
})

test('a core that is detached before Hypercore opens its channel opens none', async () => {
  const core = await newCore()
  const [near, far] = connection()
  await Promise.all([near.opened, far.opened])
  const muxer = Protomux.from(near)
  const ended = new Promise((resolve) => {
    attach(core, muxer, { asksAgain: true, onend: resolve })
  })
  core.replicator.detachFrom(muxer)
  expect(await ended).toBe(false)
  expect([...coreChannels(muxer)]).toEqual([])
})

test('Protomux calls Channel.onclose with whether the peer has closed the channel', async () => {
  const { core, other, muxer, ends } = await attachedPair(true)
  for (const { channel } of [...coreChannels(other)]) channel.close()
  await until(() => ends.length > 0)
  expect(ends).toEqual([true])
  expect(core.replicator.attached(muxer)).toBe(false)
})

test('a channel that Hypercore opens later is watched, too: its answer may come after the core has closed', async () => {
  const original = await newCore()
  await session(original).append('a')
  const core = await newCore({ key: original.key })
  await core.ready()
  stopDownloading(core) // so that it is the session below that has another channel opened
  const [near, far] = connection()
  const errors: unknown[] = []
  near.on('error', (error) => errors.push(error))
  await Promise.all([near.opened, far.opened])
  const [muxer, other] = [Protomux.from(near), Protomux.from(far)]
  const answers: (() => void)[] = []
  other.pair({ protocol: 'hypercore/alpha' }, () => new Promise<void>((answer) => answers.push(answer)))
  let isRefused = false
  attach(core, muxer, { asksAgain: false, onend: () => (isRefused = true) })
  await until(() => answers.length === 1)
  answers[0]?.()
  await until(() => isRefused)
  const reader = session(core)
  await reader.ready()
  const wanted = reader.get(0).catch(() => {}) // it closes
  await until(() => answers.length === 2)
  await reader.close()
  await core.close()
  await wanted
  original.replicator.attachTo(other)
  answers[1]?.()
  await until(() => [...coreChannels(muxer)].length === 0)
  expect([errors, near.destroyed]).toEqual([[], false])
})

test('Replicator._onstreamclose is the listener that attachTo adds to the stream', async () => {
  const [near] = connection()
  const core = await newCore()
  await core.ready()
  const muxer = Protomux.from(near)
  const before = near.listenerCount('close')
  core.replicator.attachTo(muxer)
  const listener: () => void = Reflect.get(core.replicator, '_onstreamclose')
  const added = near.listenerCount('close') - before
  near.off('close', listener)
  expect([added, near.listenerCount('close') - before]).toEqual([1, 0])
})

test('a stream that is closing calls the listeners of its close that forgetListeners has removed', async () => {
  const [near] = connection()
  const calls: string[] = []
  near.once('close', () => calls.push('close'))
  forgetListeners(near)
  near.destroy()
  await until(() => calls.length > 0)
  expect(near.listenerCount('close')).toBe(0)
})

test('update of Hypercore waits for a peer as long as Replicator._ifAvailable says that one may come', async () => {
  const { key } = await newCore()
  const core = await newCore({ key })
  const reader = session(core)
  await reader.ready()
  const expected = new ExpectedPeer()
  expected.add(core)
  let isUpdated = false
  const updated = reader.update({ wait: true }).then(() => {
    isUpdated = true
  })
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
  expect(isUpdated).toBe(false)
  expected.end()
  await updated
})

test('Protomux calls Channel.onopen that was replaced, with the handshake and the channel', async () => {
  const [near, far] = connection()
  const channels = [near, far].map((stream) => Protomux.from(stream).createChannel({ protocol: 'alpha' }))
  const calls: unknown[][] = []
  const [channel, other] = channels
  if (!channel || !other) throw new Error('The streams are open')
  Object.assign(channel, { onopen: (...args: unknown[]) => calls.push(args) })
  channel.open()
  other.open()
  await channel.fullyOpened()
  expect(calls).toEqual([[null, channel]])
})
