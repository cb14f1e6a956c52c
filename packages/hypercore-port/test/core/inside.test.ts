// What an inspector reads of a core and its peers.

import { expect, test } from 'vitest'
import {
  blocksHere,
  blocksOfPeer,
  blocksWanted,
  connectionOf,
  oldestRequest,
  rangesHere,
  requestMark,
} from '../../src/index.js'
import { connectedPair, newCore, session, until } from '../live.js'

test('Core.bitfield has the blocks that are here', async () => {
  const core = await newCore()
  const writer = session(core)
  await writer.append(['a', 'b', 'c', 'd'])
  await writer.clear(1)
  expect(blocksHere(core)).toBe(3)
  expect(rangesHere(core)).toEqual({
    ranges: [
      [0, 1],
      [2, 4],
    ],
    hasMore: false,
  })
})

test('Peer.remoteBitfield has the blocks of a peer', async () => {
  const { copy, writer, reader } = await connectedPair()
  await writer.append(['a', 'b'])
  await reader.get(0)
  await until(() => copy.replicator.peers[0]?.remoteContiguousLength === 2)
  const [peer] = copy.replicator.peers
  expect(peer && blocksOfPeer(peer, 2)).toBe(2)
})

test('Replicator._blocks and _ranges have what was asked for, and _inflight what was sent', async () => {
  const core = await newCore({ key: (await newCore()).key })
  const reader = session(core)
  await reader.ready()
  expect([blocksWanted(core, 8, 8), oldestRequest(core)]).toEqual([0, null])
  const before = requestMark(core)
  reader.download({ start: 0, end: 4 })
  await until(() => requestMark(core) !== before)
  expect(blocksWanted(core, 8, 8)).toBe(4)
})

test('NoiseSecretStream.rawStream is null while HyperDHT connects, and then tells of no connection', () => {
  expect(connectionOf({ rawStream: null })).toEqual({ address: null, roundTrip: null })
})
