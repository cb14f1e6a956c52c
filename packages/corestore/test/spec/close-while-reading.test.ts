// `close` while somebody reads `stored`, `list` or `audit`, or has read half of it.

import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { bytes32 } from '../helpers/bytes.js'
import { openStoreAt, range } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'

/** More than are read at once. */
const CORES = 130
const TOPIC = bytes32(1)
const CLOSED = { code: 'SESSION_CLOSED', message: 'The store is closed: open a new one to go on' }

describe.each<[string, (store: Corestore) => AsyncIterable<unknown>]>([
  ['stored()', (store) => store.stored()],
  ['stored({ namespace })', (store) => store.stored({ namespace: store.ns })],
  ['list()', (store) => store.list()],
  ['list(namespace)', (store) => store.list(store.ns)],
  ['audit()', (store) => store.audit()],
  ['updates() of a group', (store) => store.notifyGroup(TOPIC).updates()],
])('%s', (_, read) => {
  test('lets the store close within the loop', async () => {
    const { place, store } = await writtenStore()
    for await (const _ of read(store)) {
      await store.close()
      break
    }
    await openStoreAt(place).get({ name: 'core 0' }).append('more')
  })

  test('lets the store close when it was left half read', async () => {
    const { store } = await writtenStore()
    const reading = read(store)[Symbol.asyncIterator]()
    expect((await reading.next()).done).toBe(false)
    await store.close()
    await expect(reading.next()).rejects.toMatchObject(CLOSED)
  })

  test('tells whoever goes on reading that the store is closed', async () => {
    const { store } = await writtenStore()
    const readAll = async () => {
      for await (const _ of read(store)) await store.close()
    }
    await expect(readAll()).rejects.toMatchObject(CLOSED)
  })

  test('tells so whoever waits for the next one, and whoever has not begun', async () => {
    const { store } = await writtenStore()
    const readings = range(3).map(() => read(store)[Symbol.asyncIterator]())
    const waiting = readings.slice(1).map((reading) => reading.next())
    const closing = store.close()
    const results = await Promise.allSettled([...waiting, readings[0]?.next()])
    expect(results).toEqual(
      results.map(() => ({ status: 'rejected', reason: expect.objectContaining(CLOSED) })),
    )
    await closing
  })

  test('ends with the session that reads, and leaves the store open', async () => {
    const { store } = await writtenStore()
    const session = store.session()
    const reading = read(session)[Symbol.asyncIterator]()
    await reading.next()
    await session.close()
    await expect(reading.next()).rejects.toMatchObject(CLOSED)
    await store.get({ name: 'core 0' }).append('more')
  })
})

test('a store that could not open says why to whoever reads', async () => {
  const { place, store } = await writtenStore()
  await store.close()
  const wrong = openStoreAt(place, { primaryKey: bytes32(2) })
  const reading = wrong.stored()
  await expect(reading.next()).rejects.not.toMatchObject(CLOSED)
  await wrong.close()
})

/** A store with many cores, each of one block and in one group. */
async function writtenStore() {
  const place = newPlace()
  const store = openStoreAt(place, { cacheSize: 10 })
  await Promise.all(
    range(CORES).map(async (index) => {
      const core = store.get({ name: `core ${index}`, group: TOPIC })
      await core.append('block')
      await core.close()
    }),
  )
  return { place, store }
}
