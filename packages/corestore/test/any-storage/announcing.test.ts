// Which cores a store announces to its peers, and which it only serves: what is `active` and what is downloading. How
// much a peer learns by that is in privacy.test.ts.

import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { bytes32, hex } from '../helpers/bytes.js'
import { next } from '../helpers/events.js'
import { Onlooker } from '../helpers/onlooker.js'
import { keysOf, openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { connect, reads } from '../helpers/streams.js'

describe('a core that the store is not downloading', () => {
  test('is not announced, but served to a peer that asks', async () => {
    const store = openStore()
    const quiet = store.get({ name: 'quiet', active: false })
    await quiet.append('block')
    await expectNotAnnounced(store, keysOf(quiet).discoveryKey)
    const reader = openStore()
    connect(store, reader)
    await reads(reader.get(keysOf(quiet).key), 'block')
  })

  test('is announced as soon as a session begins to download', async () => {
    const store = openStore()
    const quiet = store.get({ name: 'quiet', active: false })
    await quiet.append('block')
    const { key, discoveryKey } = keysOf(quiet)
    const onlooker = await expectNotAnnounced(store, discoveryKey)
    store.get(key)
    await onlooker.sees(discoveryKey)
  })

  test('is announced to nobody else when a peer asks for it while it is empty', async () => {
    const place = newPlace()
    const before = openStoreAt(place)
    const empty = before.get(bytes32(5))
    await empty.ready()
    const { key, discoveryKey } = keysOf(empty)
    await before.close()

    const store = openStoreAt(place)
    const onlooker = new Onlooker(store)
    const peer = openStore()
    connect(store, peer)
    const asking = peer.get(key)
    await next(asking, 'peer-add')
    await expectNotAnnounced(store, discoveryKey, onlooker)
    await expectNotAnnounced(store, discoveryKey)
  })
})

describe('a store that is not active', () => {
  test.each([
    ['by its own option', () => openStore({ active: false })],
    ['by the option of its replicator', () => openStore({ replicator: { active: false } })],
  ])('announces nothing %s, and serves what peers ask for', async (_, open) => {
    const store = open()
    const reader = openStore()
    const onlooker = new Onlooker(store)
    const before = store.get({ name: 'before' })
    await before.append('before')
    connect(store, reader)
    const after = store.get({ name: 'after' })
    await after.append('after')
    await reads(reader.get(keysOf(before).key), 'before')
    await reads(reader.get(keysOf(after).key), 'after')
    expect(onlooker.announced).toEqual([])
  })

  test('downloads what its peers announce', async () => {
    const writer = openStore()
    const store = openStore({ active: false })
    const core = writer.get({ name: 'announced' })
    await core.append('block')
    const copy = store.get(keysOf(core).key)
    await copy.ready()
    connect(writer, store)
    await reads(copy, 'block')
  })
})

test('a core that was opened by a session that is not active is announced once an active one opens it', async () => {
  const store = openStore()
  const quiet = store.session({ active: false }).get({ name: 'core' })
  await quiet.append('block')
  const { key, discoveryKey } = keysOf(quiet)
  const onlooker = await expectNotAnnounced(store, discoveryKey)
  const active = store.get(key)
  await active.ready()
  await onlooker.sees(discoveryKey)
  const late = new Onlooker(store)
  await late.sees(discoveryKey)
})

/** Checks that a peer hears of another core and not of this one. */
async function expectNotAnnounced(
  store: Corestore,
  discoveryKey: Uint8Array,
  onlooker = new Onlooker(store),
): Promise<Onlooker> {
  const announced = store.get()
  await announced.ready()
  await onlooker.sees(keysOf(announced).discoveryKey)
  expect(onlooker.announced).not.toContain(hex(discoveryKey))
  return onlooker
}
