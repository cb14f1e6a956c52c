// What Hypercore does with answers that are not what it asked for, and with forks that a peer names.

import type { Peer } from '@coreyard/hypercore-types'
import Protomux from 'protomux'
import { expect, test } from 'vitest'
import { attach, guardMessages } from '../../src/replication.js'
import { connection, newCore, session, until } from '../live.js'

interface Answer {
  readonly fork: number
  readonly block: object | null
  readonly upgrade: object | null
}

/** What a peer says by hand, and what is known of the forks of its core. */
interface Speaking {
  readonly wireSync: { send(sync: object): unknown }
  readonly wireData: { send(answer: Answer): unknown }
}

/** A core and a copy of it, whose peer changes its first answers. */
async function lyingPair(lies: readonly ((answer: Answer) => Answer)[]) {
  const core = await newCore()
  await session(core).append(['a', 'b'])
  const copy = await newCore({ key: core.key })
  const reader = session(copy)
  await reader.ready()
  const [near, far] = connection()
  guardMessages(Protomux.from(far))
  for (const [end, attached] of [
    [near, core],
    [far, copy],
  ] as const) {
    attach(attached, Protomux.from(end), { asksAgain: false, onend: () => {} })
  }
  await until(() => core.replicator.peers.length > 0)
  const [peer] = core.replicator.peers
  const { wireData } = peer as unknown as Speaking
  const send = wireData.send.bind(wireData)
  const left = [...lies]
  wireData.send = (answer) => send(left.shift()?.(answer) ?? answer)
  return { reader, copy, peer: peer as Peer & Speaking, left }
}

test.each<[string, (answer: Answer) => Answer]>([
  ['of another fork', (answer) => ({ ...answer, fork: answer.fork + 1 })],
  ['without the block', (answer) => ({ ...answer, block: null })],
  ['without the upgrade', (answer) => ({ ...answer, upgrade: null })],
  ['of nothing', (answer) => ({ ...answer, block: null, upgrade: null })],
])('message 3 is an answer, and what it leaves out is asked for again: an answer %s', async (_, lie) => {
  const { reader, left } = await lyingPair([lie])
  expect(Buffer.from((await reader.get(1)) ?? []).toString()).toBe('b')
  expect(left).toEqual([])
})

test('Hypercore stops asking a peer after 32 answers that are none', async () => {
  const lies = Array.from({ length: 100 }, () => (answer: Answer) => ({ ...answer, fork: answer.fork + 1 }))
  const { copy, reader, left } = await lyingPair(lies)
  const reading = reader.get(1).catch(() => {})
  await until(() => (copy.replicator.peers[0] as unknown as { paused: boolean }).paused)
  expect(lies.length - left.length).toBe(32)
  await reader.close()
  await reading
})

test('message 0 is a sync, and the forks that peers name are few', async () => {
  const { reader, copy, peer } = await lyingPair([])
  await reader.get(0)
  const sync = { length: 2, remoteLength: 0, canUpgrade: true, uploading: true, downloading: true }
  for (let fork = 1; fork <= 500; fork++) {
    peer.wireSync.send({ ...sync, fork, hasManifest: true, allowPush: false })
  }
  await until(() => copy.replicator.peers[0]?.remoteFork === 500)
  expect(Reflect.get(copy.replicator, '_reorgs').length).toBeLessThanOrEqual(64)
})
