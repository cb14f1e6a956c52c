// Why a core is not attached to a stream, as whoever looks is told.

import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { type AllToAllReplicator, type OutcomeReason, PeerStreams } from '../src/index.js'
import type { TestStore } from '../src/test/store.js'
import { ask, connection } from '../src/test/streams.js'
import { keysOf, reads } from '../src/test/suite.js'
import { deferred, hex, openStore, until, warning } from './peers.js'

test('a stream says that the store does not have a core that the peer asked for', async () => {
  const store = await openStore()
  const far = peerOf(store)
  const absent = randomBytes(32)
  await ask(far, absent)
  await ask(far, absent)
  expect(outcomes(store)).toEqual([[hex(absent), 'not-stored']])
})

test('a stream says that authorize refused a request, and an offer', async () => {
  const store = await openStore({ authorize: () => false })
  const asked = keysOf(await store.write(['asked for']))
  await store.evict(asked.discoveryKey)
  const offered = keysOf(await store.write(['offered']))
  const far = peerOf(store)
  await ask(far, asked.discoveryKey)
  await until(() => outcomes(store).length === 2)
  expect(new Map(outcomes(store))).toEqual(
    new Map([
      [hex(asked.discoveryKey), 'authorize'],
      [hex(offered.discoveryKey), 'authorize'],
    ]),
  )
})

test('a stream says that authorize has not decided yet, and forgets it when the core is attached', async () => {
  const decision = deferred<boolean>()
  const store = await openStore({ authorize: () => decision.promise })
  const { discoveryKey } = keysOf(await store.write(['one']))
  await store.evict(discoveryKey)
  await ask(peerOf(store), discoveryKey)
  expect(outcomes(store)).toEqual([[hex(discoveryKey), 'deciding']])
  decision.resolve(true)
  await until(() => outcomes(store).length === 0)
})

test('a stream says that a core waits for capacity, and forgets it when there is some', async () => {
  const store = await openStore()
  const { discoveryKey } = keysOf(await store.write(['waits']))
  await store.evict(discoveryKey)
  const capacity = deferred()
  store.capacity = capacity.promise
  await ask(peerOf(store), discoveryKey)
  expect(outcomes(store)).toEqual([[hex(discoveryKey), 'capacity']])
  capacity.resolve()
  await until(() => outcomes(store).length === 0)
})

test('a stream says that a peer has as many cores as it may have', async () => {
  const store = await openStore({ maxAttached: 1 })
  const first = keysOf(await store.write(['first']))
  const second = keysOf(await store.write(['second']))
  peerOf(store)
  await until(() => outcomes(store).length === 1)
  expect(outcomes(store)).toEqual([[hex(second.discoveryKey), 'limit']])
  const [stream] = store.replicator.streams()
  await until(() => [...(stream?.channels() ?? [])].length === 1)
  const [channel] = stream?.channels() ?? []
  expect(hex(channel?.core.discoveryKey ?? null)).toBe(hex(first.discoveryKey))
})

test('a stream says that a request failed', async () => {
  const store = await openStore()
  const { discoveryKey } = keysOf(await store.write(['one']))
  await store.evict(discoveryKey)
  store.onlookup = () => {
    throw new Error('The disk is gone')
  }
  const [near, far] = connection()
  store.replicator.replicate(near)
  const warned = warning(near)
  await ask(far, discoveryKey)
  await warned
  expect(outcomes(store)).toEqual([[hex(discoveryKey), 'failed']])
})

test('a stream of a policy that gives no reason says that the policy refused', async () => {
  const [near, far] = connection()
  const streams = new PeerStreams({ onstream() {}, onask: () => false })
  streams.open(near)
  const wanted = randomBytes(32)
  await ask(far, wanted)
  const [stream] = streams.all()
  expect([...(stream?.outcomes ?? [])].map(({ reason }) => reason)).toEqual(['policy'])
})

test('a stream whose core is attached says nothing of it, and shows its channel', async () => {
  const store = await openStore()
  const reader = await openStore()
  const { key, discoveryKey } = keysOf(await store.write(['one']))
  const [near, far] = connection()
  store.replicator.replicate(near)
  reader.replicator.replicate(far)
  await reads(await reader.get(key), 'one')
  expect(outcomes(store)).toEqual([])
  const [stream] = store.replicator.streams()
  const channels = [...(stream?.channels() ?? [])].map(({ core, isOpen }) => [hex(core.discoveryKey), isOpen])
  expect(channels).toEqual([[hex(discoveryKey), true]])
})

test('a stream remembers 256 refusals at most, the newest ones', async () => {
  const store = await openStore()
  const far = peerOf(store)
  const absent = Array.from({ length: 300 }, () => randomBytes(32))
  for (const discoveryKey of absent) await ask(far, discoveryKey)
  expect(outcomes(store).map(([id]) => id)).toEqual(absent.slice(-256).map(hex))
})

/** The far end of a stream that a store replicates over. */
function peerOf(store: TestStore<AllToAllReplicator>): ReturnType<typeof connection>[1] {
  const [near, far] = connection()
  store.replicator.replicate(near)
  return far
}

/** By discovery key in hex, in their order. */
function outcomes({ replicator }: TestStore<AllToAllReplicator>): [id: string, OutcomeReason][] {
  return [...replicator.streams()].flatMap(({ outcomes }) =>
    [...outcomes].map(({ discoveryKey, reason }): [string, OutcomeReason] => [hex(discoveryKey), reason]),
  )
}
