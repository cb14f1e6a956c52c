// `findingPeers`: while somebody looks for peers, `update()` waits for them.

import type { Hypercore } from '@coreyard/hypercore-types'
import { describe, expect, test } from 'vitest'
import { bytes32 } from '../helpers/bytes.js'
import { keysOf, openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { connect } from '../helpers/streams.js'

describe('update waits until done is called', () => {
  test('for a core that was opened before', async () => {
    const store = openStore()
    const core = store.get(bytes32(1))
    await core.ready()
    const done = store.findingPeers()
    await expectWaits(core, done)
  })

  test('for a core that is opened meanwhile', async () => {
    const store = openStore()
    const done = store.findingPeers()
    await expectWaits(store.get(bytes32(1)), done)
  })

  test('for a core that gets its key later, from a preload', async () => {
    const store = openStore()
    const done = store.findingPeers()
    const preload = async () => ({ key: bytes32(1) })
    await expectWaits(store.get({ preload }), done)
  })

  test('for a core that has to be looked up first', async () => {
    const place = newPlace()
    const before = openStoreAt(place)
    const stored = before.get(bytes32(1))
    await stored.ready()
    await before.close()
    const store = openStoreAt(place)
    const done = store.findingPeers()
    await expectWaits(store.get({ discoveryKey: keysOf(stored).discoveryKey }), done)
  })

  test('for every session of that core', async () => {
    const store = openStore()
    const done = store.findingPeers()
    const core = store.get(bytes32(1))
    await core.ready()
    const derived = core.session()
    await derived.ready()
    await expectWaits(derived, done)
  })
})

test('update does not wait without findingPeers, nor after done', async () => {
  const store = openStore()
  const core = store.get(bytes32(1))
  expect(await core.update()).toBe(false)
  store.findingPeers()()
  expect(await core.update()).toBe(false)
  expect(await store.get(bytes32(2)).update()).toBe(false)
})

test('update does not wait where this store is the writer', async () => {
  const store = openStore()
  store.findingPeers()
  const core = store.get({ name: 'a' })
  await core.append('block')
  expect(await core.update()).toBe(false)
})

test('update ends as soon as a peer has told of something new', async () => {
  const writer = openStore()
  const written = writer.get({ name: 'a' })
  await written.append(['first', 'second'])
  const reader = openStore()
  reader.findingPeers()
  const core = reader.get(keysOf(written).key)
  const updated = core.update()
  connect(writer, reader)
  expect(await updated).toBe(true)
  expect(core.length).toBe(2)
})

test('everybody who looks for peers has to be done', async () => {
  const store = openStore()
  const core = store.get(bytes32(1))
  await core.ready()
  const dones = [store.findingPeers(), store.findingPeers()]
  const first = core.update()
  dones[0]?.()
  dones[0]?.() // the same one again counts once
  await expectPending(first)
  await expectWaits(core, dones[1] ?? (() => {}))
  expect(await first).toBe(false)
})

test('it can be begun again', async () => {
  const store = openStore()
  const core = store.get(bytes32(1))
  await core.ready()
  store.findingPeers()()
  const done = store.findingPeers()
  await expectWaits(core, done)
})

test('sessions that close meanwhile leave the core as it was', async () => {
  const store = openStore()
  const core = store.get(bytes32(1))
  await core.ready()
  const done = store.findingPeers()
  for (const which of [{ key: bytes32(1) }, { discoveryKey: keysOf(core).discoveryKey }]) {
    const other = store.get(which)
    await other.ready()
    await other.close()
    await store.get({ preload: async () => which }).close()
  }
  expect(core.replicator?.findingPeers).toBe(1)
  done()
  expect(core.replicator?.findingPeers).toBe(0)
})

test('it holds for the cores of this store, not for those of its sessions', async () => {
  const store = openStore()
  const session = store.session()
  const done = session.findingPeers()
  const [ours, theirs] = [store.get(bytes32(1)), session.get(bytes32(2))]
  expect(await ours.update()).toBe(false)
  await expectWaits(theirs, done)
})

test('closing the store ends it', async () => {
  const store = openStore()
  store.findingPeers()
  const core = store.get(bytes32(1))
  await core.ready()
  const updated = core.update().then(
    (result) => result,
    (error) => error.code,
  )
  await store.close()
  expect([false, 'SESSION_CLOSED', 'REQUEST_CANCELLED']).toContain(await updated)
  expect(() => store.findingPeers()).toThrow(expect.objectContaining({ code: 'SESSION_CLOSED' }))
})

/** Checks that `update` waits until `done` is called, and no longer. */
async function expectWaits(core: Hypercore, done: () => void): Promise<void> {
  const updated = core.update()
  await core.ready()
  await expectPending(updated)
  done()
  expect(await updated).toBe(false)
}

/** Checks that a promise is pending still after all that could settle it at once has run. */
async function expectPending(promise: Promise<unknown>): Promise<void> {
  const turn = new Promise((resolve) => setImmediate(resolve, 'pending'))
  expect(await Promise.race([promise, turn])).toBe('pending')
}
