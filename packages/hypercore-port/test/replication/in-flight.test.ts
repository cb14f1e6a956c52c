// How many blocks Hypercore asks a peer for.

import type { Peer } from '@coreyard/hypercore-types'
import Protomux from 'protomux'
import { expect, test } from 'vitest'
import { attach, guardMessages } from '../../src/replication.js'
import { connection, newCore, session, until } from '../live.js'

/** What of Hypercore's peer its types do not have. */
interface Asking {
  getMaxInflight(): number
}

/** A core of blocks of one size, and the peers of a copy of it. */
async function peersOf(size: number, count: number) {
  const core = await newCore()
  await session(core).append([Buffer.alloc(size), Buffer.alloc(size)])
  const copy = await newCore({ key: core.key })
  const reader = session(copy)
  await reader.ready()
  const before = peersIn(copy.replicator.peers)
  for (let connected = 0; connected < count; connected++) {
    const [near, far] = connection()
    guardMessages(Protomux.from(far))
    attach(core, Protomux.from(near), { asksAgain: false, onend: () => {} })
    attach(copy, Protomux.from(far), { asksAgain: false, onend: () => {} })
  }
  await until(() => copy.replicator.peers.length === count)
  await reader.get(0)
  await until(() => copy.replicator.peers.every(({ remoteSynced }) => remoteSynced))
  expect(before).toEqual([])
  return peersIn(copy.replicator.peers)
}

function peersIn(peers: readonly Peer[]): number[] {
  return peers.map((peer) => (peer as unknown as Asking).getMaxInflight())
}

test('Hypercore asks for 48 blocks over a stream without a latency, and a megabyte of blocks is asked for if that is more', async () => {
  expect(await peersOf(65_536, 1)).toEqual([48])
  expect(await peersOf(8192, 1)).toEqual([128])
  expect(await peersOf(1024, 1)).toEqual([512])
})

test('each of many peers is asked for fewer blocks', async () => {
  expect(await peersOf(8192, 4)).toEqual([64, 64, 64, 64])
})
