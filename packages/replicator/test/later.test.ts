// Cores that a peer asks for when the store has no room to open them: refused for now, and attached when it has.

import Protomux from 'protomux'
import { expect, test } from 'vitest'
import { ask, connection } from '../src/test/streams.js'
import { keysOf, reads } from '../src/test/suite.js'
import { openStore } from './peers.js'

test('a core that there is no room for is refused, and served when the store offers it', async () => {
  const store = await openStore()
  const reader = await openStore()
  const { key, discoveryKey } = keysOf(await store.write(['waited for']))
  await store.evict(discoveryKey)
  store.full = true

  const [near, far] = connection()
  store.replicator.replicate(near)
  expect(await ask(far, discoveryKey)).toBe(false)

  const read = await reader.get(key)
  reader.replicator.replicate(far)
  store.full = false
  // A store that serves opens the core without downloading it: who does not wait for it would not be offered it.
  await store.withStored(discoveryKey, (core) => store.replicator.offer(core))
  await reads(read, 'waited for')
})

test('a core that there was no room for is offered to nobody but who asked', async () => {
  const store = await openStore()
  const { discoveryKey } = keysOf(await store.write(['one']))
  await store.evict(discoveryKey)
  store.full = true
  const [near, far] = connection()
  const [otherNear] = connection()
  store.replicator.replicate(near)
  store.replicator.replicate(otherNear)
  await ask(far, discoveryKey)

  store.full = false
  const attached: boolean[] = []
  await store.withStored(discoveryKey, (core) => {
    store.replicator.offer(core)
    attached.push(...[near, otherNear].map((stream) => core.replicator.attached(Protomux.from(stream))))
  })
  expect(attached).toEqual([true, false])
})
