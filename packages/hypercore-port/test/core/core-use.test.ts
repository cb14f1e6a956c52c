// What Hypercore counts and says of the peers of a core.

import { expect, test } from 'vitest'
import {
  hasHeard,
  hasPeers,
  hasTold,
  isHeld,
  messagesTo,
  requestsTo,
  somePeer,
  storedKeyPair,
  usageOf,
} from '../../src/index.js'
import { connectedPair, newCore, session } from '../live.js'

test('ReplicationStats count the requests and syncs of a peer, and the peer says what it has', async () => {
  const { core, writer, reader, muxer } = await connectedPair()
  await writer.append('a')
  await reader.get(0)
  const peer = muxer.stream.remotePublicKey

  expect(requestsTo(core)).toBeGreaterThan(0)
  expect(messagesTo(core)).toBeGreaterThan(requestsTo(core))
  expect([hasTold(core, peer), hasHeard(core, peer), hasHeard(core, null)]).toEqual([true, true, true])
  expect([hasTold(core, Buffer.alloc(32)), hasHeard(core, Buffer.alloc(32))]).toEqual([false, false])
  expect(somePeer(core)).toEqual(peer)
})

test('a core is used by sessions, by peers, or not at all', async () => {
  const { core, writer } = await connectedPair()
  expect([usageOf(core), isHeld(core)]).toEqual(['hard', true])
  while (!hasPeers(core)) await new Promise(setImmediate)
  await writer.close()
  expect([usageOf(core), isHeld(core)]).toEqual(['soft', false])
  expect(usageOf(await newCore())).toBe('no')
})

test('a weak session does not hold its core', async () => {
  const core = await newCore()
  await session(core, { weak: true, active: false }).ready()
  expect(isHeld(core)).toBe(false)
})

test('the header of an open core has the stored key pair', async () => {
  const core = await newCore()
  expect(storedKeyPair(core)).toBeNull()
  await core.ready()
  expect(storedKeyPair(core)?.secretKey).toHaveLength(64)
})
