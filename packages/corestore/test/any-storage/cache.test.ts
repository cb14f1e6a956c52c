// `globalCache` and `treeCache`: caches that all cores of a store share.

import { describe, expect, test } from 'vitest'
import { keysOf, openStore, range } from '../helpers/open-store.js'
import { connect, reads } from '../helpers/streams.js'

describe('globalCache', () => {
  test('is handed to every core of the store, and to whoever reads it of the store', async () => {
    const globalCache = { some: 'cache' }
    const store = openStore({ globalCache })
    expect(store.globalCache).toBe(globalCache)
    for (const each of [store, store.session(), store.namespace('a')]) {
      expect(each.globalCache).toBe(globalCache)
      const core = each.get({ name: 'a' })
      await core.ready()
      expect(core.globalCache).toBe(globalCache)
    }
  })

  test('gives way to that of a get', async () => {
    const [ofStore, ofCore] = [{ of: 'store' }, { of: 'core' }]
    const store = openStore({ globalCache: ofStore })
    const core = store.get({ name: 'a', globalCache: ofCore })
    await core.ready()
    expect(core.globalCache).toBe(ofCore)
  })

  test('is null by default', async () => {
    const store = openStore()
    expect(store.globalCache).toBe(null)
    const core = store.get({ name: 'a' })
    await core.ready()
    expect(core.globalCache).toBe(null)
  })
})

describe('treeCache', () => {
  test('keeps the nodes of the trees in memory, so that they are read once for all peers', async () => {
    const [first, second] = await missesOfTwoPeers({ maxSize: 8192 })
    expect(first).toBeGreaterThan(150)
    expect(second).toBe(0)
  })

  test('holds enough for many by default', async () => {
    const [first, second] = await missesOfTwoPeers(undefined)
    expect(first).toBeGreaterThan(150)
    expect(second).toBe(0)
  })

  test('holds as many as it is told', async () => {
    const [first, second] = await missesOfTwoPeers({ maxSize: 4 })
    expect(first).toBeGreaterThan(150)
    expect(second).toBeGreaterThan(150)
  })

  test.each([{ maxSize: -1 }, { maxSize: 0 }, { maxAge: 'forever' }])('refuses %o', (treeCache) => {
    expect(() => openStore({ treeCache: treeCache as never })).toThrow(
      expect.objectContaining({ code: 'BAD_ARGUMENT', message: expect.stringContaining('treeCache.max') }),
    )
  })
})

/** How many tree nodes were not in memory when a peer downloaded a core, and when another one did. */
async function missesOfTwoPeers(treeCache: { maxSize: number } | undefined): Promise<number[]> {
  const store = openStore({ treeCache })
  const core = store.get({ name: 'a' })
  await core.append(range(200).map((index) => `block ${index}`))
  const { treeCache: counts } = store.storage.stats
  const misses: number[] = []
  for (const _ of range(2)) {
    const before = counts.misses
    const reader = openStore()
    connect(store, reader)
    const copy = reader.get(keysOf(core).key)
    for (const index of range(200)) await reads(copy, `block ${index}`, index)
    await reader.close()
    misses.push(counts.misses - before)
  }
  return misses
}
