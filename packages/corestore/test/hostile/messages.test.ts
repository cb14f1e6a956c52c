// Messages of a peer that has the key of a core, and sends what no honest peer does. What the store then holds is counted.

import type { Peer } from '@coreyard/hypercore-types'
import { expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { Attacker } from '../helpers/attacker.js'
import { until } from '../helpers/events.js'
import { keysOf, openStore, range, writeCore } from '../helpers/open-store.js'
import { connect, reads } from '../helpers/streams.js'

/** The kinds of messages of Hypercore's channel. */
const [SYNC, REQUEST, RANGE] = [0, 1, 8]
/** Flags of a range: the peer has dropped it; it is one block. */
const [DROP, ONE] = [1, 2]
/** Flags of a `sync`: the peer uploads and downloads. */
const ACTIVE = 6
/** Blocks of a page of a bitfield. */
const PAGE = 32768

test.each<[string, (send: (...numbers: number[]) => void) => void]>([
  ['says that it has 2^29 blocks', (range) => range(0, 1, 2 ** 29)],
  ['says that it has a block far away', (range) => range(ONE, 2 ** 31)],
  [
    'says that it has 2^29 blocks, and has dropped one of them',
    (range) => {
      range(0, 0, 2 ** 29)
      range(DROP + ONE, 5)
    },
  ],
  [
    'says again and again that it has 2^22 blocks, and has not',
    (range) => {
      for (let count = 0; count < 200; count++) range(count % 2 ? DROP : 0, 1, 2 ** 22 - 1)
    },
  ],
])('a peer that %s takes little memory, and harms no other', async (_, attack) => {
  const store = openStore()
  const core = await writeCore(store, 'core')
  const { attacker, channel, peer } = await attackerOf(store, core)
  attack((...numbers) => attacker.send(channel, RANGE, ...numbers))
  attacker.send(channel, SYNC, ACTIVE, 0, 1, 0)
  const seen = peer.stats.wireSync.rx
  await until(() => peer.stats.wireSync.rx > seen)
  expect(pagesOf(peer)).toBeLessThanOrEqual((2 ** 22 + 1) / PAGE + 1)
  const reader = openStore()
  connect(store, reader)
  await reads(reader.get(core.key), 'core')
})

test('a peer that says honestly what it has is believed', async () => {
  const store = openStore()
  const core = store.get({ name: 'core' })
  await core.append(range(100).map((index) => `block ${index}`))
  const { attacker, channel, peer } = await attackerOf(store, keysOf(core))
  attacker.send(channel, RANGE, 0, 10, 50)
  await until(() => peer.stats.wireRange.rx > 0)
  await until(() => (peer as unknown as Bits).remoteBitfield.get(59))
  expect((peer as unknown as Bits).remoteBitfield.get(60)).toBe(false)
})

test('a peer that asks without end and reads no answer leaves few answers and requests', async () => {
  const store = openStore()
  const core = store.get({ name: 'core' })
  await core.append(Array.from({ length: 50 }, () => Buffer.alloc(65_536)))
  const { attacker, channel, peer } = await attackerOf(store, keysOf(core), false)
  for (let id = 1; id <= 30_000; id++) attacker.send(channel, REQUEST, 1, id, 0, id % 50, 0)
  attacker.send(channel, SYNC, ACTIVE, 0, 1, 0)
  const seen = peer.stats.wireSync.rx
  await until(() => peer.stats.wireSync.rx > seen)
  const { remoteRequests } = peer as unknown as Requests
  await until(() => peer.stats.wireData.tx > 0)
  expect(remoteRequests.size).toBeLessThanOrEqual(8192)

  const reader = openStore()
  connect(store, reader)
  expect((await reader.get(keysOf(core).key).get(7))?.byteLength).toBe(65_536)
  expect(peer.stats.wireData.tx).toBeLessThanOrEqual(256)
})

test('a peer that opens and closes a core again and again has at most one channel', async () => {
  const store = openStore()
  const core = await writeCore(store, 'core')
  const attacker = await Attacker.connect(store)
  let most = 0
  for (let time = 0; time < 500; time++) {
    const [channel = 0] = attacker.open([core])
    attacker.close(channel)
    if (time % 50 === 0) await attacker.stream.flush()
    most = Math.max(most, store.cores.get(core.discoveryKey)?.replicator.peers.length ?? 0)
  }
  expect(most).toBeLessThanOrEqual(1)
  const reader = openStore()
  connect(store, reader)
  await reads(reader.get(core.key), 'core')
})

test('a message that is announced and never comes keeps no other peer', async () => {
  const store = openStore()
  const core = await writeCore(store, 'core')
  for (let peer = 0; peer < 20; peer++) {
    const { stream } = await Attacker.connect(store)
    stream.rawStream.write(Buffer.from([0xff, 0xff, 0xff]))
  }
  const reader = openStore()
  connect(store, reader)
  await reads(reader.get(core.key), 'core')
})

test('a batch within a batch ends the stream of its peer', async () => {
  const store = openStore()
  const attacker = await Attacker.connect(store)
  // Each is a message of the muxer (channel 0) that is a batch.
  const depth = 200_000
  attacker.stream.write(
    Buffer.concat([Buffer.from([0, 0, 0]), Buffer.alloc(depth, Buffer.from([0xfc, 0, 0]))]),
  )
  await until(() => attacker.near.destroyed)
  const core = await writeCore(store, 'core')
  const reader = openStore()
  connect(store, reader)
  await reads(reader.get(core.key), 'core')
})

/** What of Hypercore's peer its types do not have. */
interface Bits {
  readonly remoteBitfield: { readonly _maxPages: number; get(index: number): boolean }
}

interface Requests {
  readonly remoteRequests: ReadonlyMap<number, unknown>
}

function pagesOf(peer: Peer): number {
  return (peer as unknown as Bits).remoteBitfield._maxPages
}

/** An attacker that has a core open, and what Hypercore knows of it. */
async function attackerOf(
  store: Corestore,
  core: { key: Uint8Array; discoveryKey: Uint8Array },
  reads = true,
) {
  const attacker = await Attacker.connect(store, { reads })
  const [channel = 0] = attacker.open([core])
  attacker.send(channel, SYNC, ACTIVE, 0, 0, 0)
  const { replicator } = store.cores.get(core.discoveryKey) ?? {}
  await until(() => replicator?.peers.some(({ remoteSynced }) => remoteSynced) === true)
  const peer = replicator?.peers[0]
  if (peer === undefined) throw new Error('The attacker is no peer of the core')
  return { attacker, channel, peer }
}
