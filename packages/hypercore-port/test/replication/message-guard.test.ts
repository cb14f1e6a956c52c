// The messages of Hypercore's channel by their number, and what Hypercore does with one that no honest peer sends.

import Protomux from 'protomux'
import { expect, test } from 'vitest'
import { attach, guardMessages } from '../../src/replication.js'
import { connection, newCore, session, until } from '../live.js'

async function guardedPair() {
  const core = await newCore()
  await session(core).append('a')
  const copy = await newCore({ key: core.key })
  const reader = session(copy)
  await reader.ready()
  const [near, far] = connection()
  guardMessages(Protomux.from(near))
  for (const [end, attached] of [
    [near, core],
    [far, copy],
  ] as const) {
    attach(attached, Protomux.from(end), { asksAgain: false, onend: () => {} })
  }
  await reader.get(0)
  await until(() => core.replicator.peers.length > 0)
  const [peer] = core.replicator.peers
  const [remote] = copy.replicator.peers
  if (peer === undefined || remote === undefined) throw new Error('Each has the other')
  return { peer, remote }
}

test('message 8 is a range, and one far past the length of the core does not reach Peer.onrange', async () => {
  const { peer, remote } = await guardedPair()
  const [, , , , , , , , range] = remote.channel.messages
  // Hypercore sends one by itself, when the copy has all blocks: it is here before this one.
  range?.send({ drop: false, start: 0, length: 999 })
  await until(() => peer.remoteContiguousLength === 999)
  const before = peer.stats.wireRange.rx
  range?.send({ drop: false, start: 1, length: 2 ** 29 })
  range?.send({ drop: false, start: 0, length: 1000 })
  await until(() => peer.remoteContiguousLength === 1000)
  expect(peer.stats.wireRange.rx).toBe(before + 1)
})

test('message 1 is a request, and message 2 its cancellation', async () => {
  const { peer, remote } = await guardedPair()
  const before = peer.stats.wireRequest.rx
  const [, request, cancel] = remote.channel.messages
  const seek = { id: 9, fork: 0, block: null, hash: null, seek: { bytes: 0, padding: 0 }, upgrade: null }
  request?.send({ ...seek, manifest: false, priority: 0 })
  cancel?.send({ request: 9 })
  await until(() => peer.stats.wireCancel.rx === 1)
  expect(peer.stats.wireRequest.rx).toBe(before + 1)
})

test('message 5 is a want, message 6 takes it back, and wants without end are answered some at a time', async () => {
  const { peer, remote } = await guardedPair()
  const [, , , , , want, unwant] = remote.channel.messages
  const range = { start: 0, length: 2 ** 21, any: false }
  const before = peer.stats.wireWant.rx
  for (let count = 0; count < 5000; count++) {
    want?.send(range)
    unwant?.send(range)
  }
  want?.send({ ...range, start: 2 ** 21 })
  await until(() => peer.stats.wireWant.rx - before > 512)
  expect(peer.stats.wireWant.rx - before).toBe(513)
})
