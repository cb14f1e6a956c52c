// What a `get` asks of the storage. Each batch is a wait for a thread on RocksDB, so a read that is not needed shows when thousands of cores are
// opened.

import { expect, test, vi } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace, type Place } from '../helpers/places.js'

interface Cost {
  readonly reads: number
  readonly streams: number
  readonly writes: number
}

/** How many batches and streams a call takes. */
async function costOf(store: Corestore, call: () => Promise<unknown>): Promise<Cost> {
  const database = Object.getPrototypeOf(store.storage.db)
  const [read, iterator, write] = [
    vi.spyOn(database, 'read'),
    vi.spyOn(database, 'iterator'),
    vi.spyOn(database, 'write'),
  ]
  try {
    await call()
    return {
      reads: read.mock.calls.length,
      streams: iterator.mock.calls.length,
      writes: write.mock.calls.length,
    }
  } finally {
    for (const spy of [read, iterator, write]) spy.mockRestore()
  }
}

/** A place with a core named `a` that has a block. The first core that a store opens or makes is another one. */
async function placeWithCore(): Promise<{ place: Place; key: Uint8Array }> {
  const place = newPlace()
  const store = openStoreAt(place)
  await store.get({ name: 'first' }).ready()
  const core = store.get({ name: 'a' })
  await core.append('block')
  const { key } = core
  await store.close()
  return { place, key }
}

async function reopened(place: Place): Promise<Corestore> {
  const store = openStoreAt(place)
  await store.get({ name: 'first' }).ready()
  return store
}

test('a new core with a name takes three batches of reads, and the write that files it', async () => {
  const store = openStore()
  await store.get({ name: 'first' }).ready()
  expect(await costOf(store, () => store.get({ name: 'a' }).ready())).toEqual({
    reads: 3,
    streams: 0,
    writes: 1,
  })
})

test('a stored core takes five batches of reads by its key, and one more by its name', async () => {
  const { place, key } = await placeWithCore()
  const byKey = await reopened(place)
  expect(await costOf(byKey, () => byKey.get(key).ready())).toEqual({ reads: 5, streams: 0, writes: 0 })
  await byKey.close()
  const byName = await reopened(place)
  expect(await costOf(byName, () => byName.get({ name: 'a' }).ready())).toEqual({
    reads: 6,
    streams: 0,
    writes: 0,
  })
})

test('a core that is open takes nothing, by its key or its name', async () => {
  const { place, key } = await placeWithCore()
  const store = await reopened(place)
  await store.get({ name: 'a' }).ready()
  const none = { reads: 0, streams: 0, writes: 0 }
  expect(await costOf(store, () => store.get(key).ready())).toEqual(none)
  expect(await costOf(store, () => store.get({ name: 'a' }).ready())).toEqual(none)
})

test('a core that was stored by its key takes a look at its record and one write to be named', async () => {
  const { place, key } = await placeWithCore()
  const { primaryKey, manifest } = await namedElsewhere(place)
  const store = openStore({ primaryKey })
  await store.get({ name: 'first' }).ready()
  await store.get({ key, manifest }).ready()
  expect(await costOf(store, () => store.get({ name: 'a' }).ready())).toEqual({
    reads: 3,
    streams: 0,
    writes: 1,
  })
})

async function namedElsewhere(place: Place) {
  const store = await reopened(place)
  const core = store.get({ name: 'a' })
  await core.ready()
  const { primaryKey } = store
  const { manifest } = core
  if (primaryKey === null || manifest === null) throw new Error('The core is open')
  const copy = new Uint8Array(primaryKey)
  await store.close()
  return { primaryKey: copy, manifest }
}
