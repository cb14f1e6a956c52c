// Cores that a peer asks for when the store has no capacity to open them: refused for now, and attached when it has.

import { expect, test } from 'vitest'
import { ask, connection } from '../src/test/streams.js'
import { keysOf, reads } from '../src/test/suite.js'
import { hex, Onlooker, openStore } from './peers.js'

test('a core without capacity is refused, and served when there is capacity', async () => {
  const store = await openStore()
  const reader = await openStore()
  const { key, discoveryKey } = keysOf(await store.write(['waited for']))
  await store.evict(discoveryKey)
  const free = hold(store)

  const [near, far] = connection()
  store.replicator.replicate(near)
  expect(await ask(far, discoveryKey)).toBe(false)

  const read = await reader.get(key)
  reader.replicator.replicate(far)
  free()
  await reads(read, 'waited for')
})

test('a core that waited for capacity is attached to no peer except the one that asked', async () => {
  const store = await openStore()
  const { discoveryKey } = keysOf(await store.write(['one']))
  await store.evict(discoveryKey)
  const free = hold(store)
  const [near, far] = connection()
  const [otherNear, otherFar] = connection()
  store.replicator.replicate(near)
  store.replicator.replicate(otherNear)
  await ask(far, discoveryKey)
  const onlookers = [new Onlooker(far), new Onlooker(otherFar)]

  free()
  await onlookers[0]?.sees(discoveryKey)
  const { discoveryKey: next } = keysOf(await store.write(['offered to both']))
  await onlookers[1]?.sees(next)
  expect(onlookers.map(({ offered }) => offered)).toEqual([[hex(discoveryKey), hex(next)], [hex(next)]])
})

test('a request that waits for capacity holds no other request up', async () => {
  const store = await openStore({ maxLookups: 1 })
  const waiting = keysOf(await store.write(['one']))
  const served = keysOf(await store.write(['other']))
  await store.evict(waiting.discoveryKey)
  hold(store)
  const [near, far] = connection()
  store.replicator.replicate(near)
  expect(await ask(far, waiting.discoveryKey)).toBe(false)
  store.capacity = null
  expect(await ask(far, served.discoveryKey)).toBe(true)
})

/** Leaves a store without capacity, until what is returned is called. */
function hold(store: { capacity: Promise<unknown> | null }): () => void {
  let free = () => {}
  store.capacity = new Promise<void>((resolve) => {
    free = resolve
  })
  return free
}
