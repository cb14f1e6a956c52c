// A store that closes in the middle of replicating: nothing is left that fails later (an unhandled error fails the run), and
// what has arrived is there the next time.

import type { Hypercore } from '@coreyard/hypercore-types'
import { expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { effort } from '../helpers/effort.js'
import { keysOf, openStore, openStoreAt, range } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { connection } from '../helpers/streams.js'

const CORES = 10

test('a store closes in the middle of live downloads, whose connection has mostly gone right before', async () => {
  const source = openStore()
  const written = range(CORES).map((index) => source.get({ name: `core ${index}` }))
  await Promise.all(written.map((core) => core.ready()))
  const place = newPlace()
  let arrived = written.map(() => 0)

  for (const moment of range(effort(20, 8))) {
    const [near, far] = connection()
    source.replicate(near)
    const store = openStoreAt(place)
    store.replicate(far)
    const copies = written.map((core) => store.get(keysOf(core).key))
    const work = copies.map((copy, index) => follow(copy, arrived[index] ?? 0))
    const appending = written.map((core) => appendUntilClosed(core, store))
    await Promise.all(copies.map((copy) => downloads(copy, moment)))
    if (moment % 5 > 0) far.destroy()
    await store.close()
    arrived = await Promise.all(work)
    await Promise.all(appending)
  }
})

/** Downloads and reads all blocks from `start` on, which is where this store has come to, until the core closes. */
async function follow(core: Hypercore, start: number): Promise<number> {
  await core.ready()
  expect(core.contiguousLength).toBeGreaterThanOrEqual(start)
  core.download({ start, end: -1 })
  let index = start
  try {
    for await (const block of core.createReadStream({ start, live: true })) {
      expect(Buffer.from(block).toString()).toBe(`block ${index++}`)
    }
  } catch (error) {
    if (core.closing === null) throw error
  }
  return index
}

/** Appends to a core for as long as the store of its copy is open. */
async function appendUntilClosed(core: Hypercore, store: Corestore): Promise<void> {
  while (!store.closed) await core.append(`block ${core.length}`)
}

/** Waits until so many more blocks have come. */
async function downloads(core: Hypercore, count: number): Promise<void> {
  let left = count
  await new Promise<void>((resolve) => {
    core.on('download', () => {
      if (left-- === 0) resolve()
    })
  })
}
