// `cacheSize`: how many cores that nobody holds stay open. Cores that peers ask for have tests of their own, in passive.test.ts.

import { expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { hex, text } from '../helpers/bytes.js'
import { next, record } from '../helpers/events.js'
import { keysOf, openStore, range } from '../helpers/open-store.js'

test('a core whose last session has closed stays open, up to cacheSize of them', async () => {
  const store = openStore({ cacheSize: 3, idleTimeout: Infinity })
  const closes = record(store, 'core-close')
  const first = await use(store, 'core 0')
  for (const index of [1, 2]) await use(store, `core ${index}`)
  expect(store.cores.size).toBe(3)
  expect(closes).toHaveLength(0)
  const again = store.get({ name: 'core 0' })
  await again.ready()
  expect(again.core).toBe(store.cores.get(first))
})

test('past cacheSize the least recently used one is closed', async () => {
  const store = openStore({ cacheSize: 2, idleTimeout: Infinity })
  const keys = [await use(store, 'a'), await use(store, 'b')]
  await use(store, 'a')
  const closed = next(store, 'core-close')
  await use(store, 'c')
  expect(hex((await closed)[0].discoveryKey)).toBe(hex(keys[1] ?? null))
  expect(store.cores.size).toBe(2)
  expect(store.cores.get(keys[0] ?? '')).not.toBe(null)
})

test('one that was closed is opened again by the next get, with all it had', async () => {
  const store = openStore({ cacheSize: 1, idleTimeout: Infinity })
  for (const round of range(3)) {
    for (const name of ['a', 'b', 'c']) {
      const core = store.get({ name })
      await core.append(`${name} ${round}`)
      expect(core.length).toBe(round + 1)
      await core.close()
    }
  }
  expect(text(await store.get({ name: 'a' }).get(0))).toBe('a 0')
})

test('a core with a session is never closed, however many there are', async () => {
  const store = openStore({ cacheSize: 0, idleTimeout: Infinity })
  const closes = record(store, 'core-close')
  const cores = range(20).map((index) => store.get({ name: `core ${index}` }))
  await Promise.all(cores.map((core) => core.ready()))
  for (const core of cores) {
    const derived = core.session()
    await derived.ready()
    await core.close() // the session that was made of it still holds the core
  }
  const closed = next(store, 'core-close')
  const another = await use(store, 'another')
  expect(hex((await closed)[0].discoveryKey)).toBe(hex(another))
  expect(store.cores.size).toBe(20)
  expect(closes).toHaveLength(1)
})

test('cacheSize 0 keeps none open', async () => {
  const store = openStore({ cacheSize: 0, idleTimeout: Infinity })
  const closed = next(store, 'core-close')
  await use(store, 'a')
  await closed
  expect(store.cores.size).toBe(0)
})

test('cacheSize Infinity keeps all open', async () => {
  const store = openStore({ cacheSize: Infinity, idleTimeout: Infinity })
  for (const index of range(50)) await use(store, `core ${index}`)
  expect(store.cores.size).toBe(50)
})

/** Opens a named core and closes the session; its discovery key. */
async function use(store: Corestore, name: string): Promise<Uint8Array> {
  const core = store.get({ name })
  await core.ready()
  await core.close()
  return keysOf(core).discoveryKey
}
