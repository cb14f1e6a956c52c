// Very many cores in a store in memory. `npm run scale` does the same with as many as one likes, on any storage.

import { expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { text } from '../helpers/bytes.js'
import { effort } from '../helpers/effort.js'
import { heapUsed } from '../helpers/heap.js'
import { openStoreAt, range } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'

const CORES = effort(10_000, 3000)
const CACHE_SIZE = 100
const AT_ONCE = 100
/** What a core may leave on the heap, in caches that have bounds of their own: a name, a node of a tree. An open one takes 10,000. */
const BYTES_LEFT = 1000

test('thousands of cores in memory are created, listed, closed and opened again, and few are open at a time', {
  timeout: 1_200_000,
}, async () => {
  const place = newPlace('memory')
  const before = openStoreAt(place, { cacheSize: CACHE_SIZE })
  await forAll(async (index) => {
    const core = before.get({ name: `core ${index}` })
    await core.append(`block of core ${index}`)
    await core.close()
  })
  expect(before.cores.size).toBeLessThanOrEqual(CACHE_SIZE)
  await expectListed(before)
  await before.close()

  const store = openStoreAt(place, { cacheSize: CACHE_SIZE })
  await expectListed(store)
  let most = 0
  let heap = 0
  await forAll(async (index) => {
    if (index === CORES / 10) heap = await heapUsed()
    // Each once, and neighbours far from one another.
    const number = (index * 7919) % CORES
    const core = store.get({ name: `core ${number}` })
    expect(text(await core.get(0))).toBe(`block of core ${number}`)
    await core.close()
    most = Math.max(most, store.cores.size)
  })
  expect(most).toBeLessThanOrEqual(CACHE_SIZE + AT_ONCE)
  expect(((await heapUsed()) - heap) / (0.9 * CORES)).toBeLessThan(BYTES_LEFT)
})

/** Does something with every core, some at a time. */
async function forAll(use: (index: number) => Promise<void>): Promise<void> {
  for (let done = 0; done < CORES; done += AT_ONCE) {
    await Promise.all(range(AT_ONCE).map((index) => use(done + index)))
  }
}

async function expectListed(store: Corestore): Promise<void> {
  expect(store.list().size).toBeLessThanOrEqual(CACHE_SIZE)
  let count = 0
  for await (const _ of store.list()) count++
  expect(count).toBe(CORES)
  const names = new Set<unknown>()
  for await (const { name, length } of store.stored()) if (length === 1) names.add(name)
  expect(names.size).toBe(CORES)
}
