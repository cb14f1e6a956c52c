// hypercore-stats on a store: it counts the cores of the store and what they send and receive.

import HypercoreStats from 'hypercore-stats'
import { expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { next, until } from '../helpers/events.js'
import { createStore } from '../helpers/stores.js'
import { connect } from '../helpers/streams.js'

function openStats(store: Corestore): HypercoreStats {
  const stats = HypercoreStats.fromCorestore(store)
  stats.on('internal-error', (error) => {
    throw error
  })
  return stats
}

/** Opens cores of a store, and waits until they are counted. */
async function openCounted(stats: HypercoreStats, open: () => Session): Promise<Session> {
  const counted = next(stats, 'add-core')
  const core = open()
  await core.ready()
  await counted
  stats.clearCache()
  return core
}

test('it counts cores, blocks and sessions, in all namespaces of the store', async () => {
  const store = createStore('store')
  const stats = openStats(store)
  const one = await openCounted(stats, () => store.get({ name: 'one' }))
  const two = await openCounted(stats, () => store.namespace('a').get({ name: 'one' }))
  await one.append(['1', '2', '3'])
  await two.append('4')
  await store.get({ name: 'one' }).ready()

  stats.clearCache()
  expect(stats.totalCores).toBe(2)
  expect(stats.getTotalLength()).toBe(4)
  expect(stats.totalFullyDownloadedCores).toBe(2)
  expect(stats.getTotalSessions()).toBe(3)
})

test('it counts cores that were open before it', async () => {
  const store = createStore('store')
  await store.get({ name: 'one' }).append('1')
  const stats = HypercoreStats.fromCorestore(store)
  await next(stats, 'add-core')
  expect(stats.totalCores).toBe(1)
  expect(stats.getTotalLength()).toBe(1)
})

test('it counts peers and the blocks that go to them, and keeps the sums when a core closes', async () => {
  const store = createStore('writer')
  const stats = openStats(store)
  const core = await openCounted(stats, () => store.get({ name: 'one' }))
  await core.append(['1', '2', '3'])

  const readerStore = createStore('reader', { cacheSize: 0 })
  const readerStats = openStats(readerStore)
  const copy = await openCounted(readerStats, () => readerStore.get({ key: core.key }))
  const [stream] = connect(store, readerStore)
  for (let index = 0; index < 3; index++) await copy.get(index)

  for (const counted of [stats, readerStats]) {
    counted.clearCache()
    expect(counted.getTotalPeers()).toBe(1)
  }
  // What the writer has sent last may be on its way.
  await until(() => {
    for (const counted of [stats, readerStats]) counted.clearCache()
    return readerStats.totalWireDataReceived === stats.totalWireDataTransmitted
  })
  const received = readerStats.totalWireDataReceived
  expect(received).toBeGreaterThan(0)

  const closed = next(readerStats, 'gc')
  stream.destroy()
  await copy.close()
  await closed
  readerStats.clearCache()
  expect(readerStats.totalCores).toBe(0)
  expect(readerStats.getTotalPeers()).toBe(0)
  expect(readerStats.totalWireDataReceived).toBe(received)
})

test('it shows the cache that the store was given for all its cores', async () => {
  const globalCache = { globalSize: 7 }
  const store = createStore('store', { globalCache })
  const stats = openStats(store)
  expect(stats.totalGlobalCacheEntries).toBeNull()
  await openCounted(stats, () => store.get({ name: 'one' }))
  expect(stats.totalGlobalCacheEntries).toBe(7)
})

test('it stops when the store closes', async () => {
  const store = createStore('store')
  const stats = openStats(store)
  await openCounted(stats, () => store.get({ name: 'one' }))
  await store.close()
  await until(() => {
    stats.clearCache()
    return stats.totalCores === 0
  })
})
