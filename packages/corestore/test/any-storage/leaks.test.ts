// Opening and closing 10,000 sessions leaks nothing: no open core, no session, no handle, no memory.

import { expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { until } from '../helpers/events.js'
import { leastGrowth } from '../helpers/heap.js'
import { openStore, range } from '../helpers/open-store.js'

const SESSIONS = 10_000
const AT_ONCE = 100
/** A leak makes the heap grow in each of so many rounds, noise in some of them. */
const ROUNDS = 4
/** How many bytes it may have grown in the round in which it grew the least: less than a small object for each session. */
const LEAST_GROWTH = 100_000

/** What keeps the process running that did not before: the test runner's own come and go. */
function newHandles(before: readonly string[]): string[] {
  const left = [...before]
  return process.getActiveResourcesInfo().filter((handle) => {
    const index = left.indexOf(handle)
    if (index !== -1) left.splice(index, 1)
    return index === -1
  })
}

/** Runs `use` as often as that many sessions take, some at once; then waits until the cores are closed. */
async function repeat(store: Corestore, count: number, use: (index: number) => Promise<void>): Promise<void> {
  for (let done = 0; done < count; done += AT_ONCE) {
    await Promise.all(range(AT_ONCE).map((index) => use(done + index)))
  }
  await until(() => store.cores.size <= 1)
}

const uses: [string, (store: Corestore) => (index: number) => Promise<void>][] = [
  [
    'sessions of one core, by key and by name',
    (store) => async (index) => {
      const core = index % 2 ? store.get({ name: 'kept' }) : store.default()
      await core.ready()
      await core.close()
    },
  ],
  [
    'sessions of many cores',
    (store) => async (index) => {
      const core = store.get({ name: `core ${index % AT_ONCE}` })
      await core.ready()
      await core.close()
    },
  ],
  [
    'sessions of sessions, snapshots and exclusive ones',
    (store) => async (index) => {
      const core = store.get({ name: `core ${index % AT_ONCE}`, exclusive: true })
      await core.ready()
      const derived = index % 2 ? core.session() : core.snapshot()
      await derived.ready()
      await Promise.all([core.close(), derived.close()])
    },
  ],
  [
    'sessions that fail to open, or never get their options',
    (store) => async (index) => {
      const session = store.session()
      const failing = [
        session.get({ discoveryKey: new Uint8Array(32).fill(index) }),
        session.get({ preload: () => new Promise<never>(() => {}) }),
      ]
      const settled = Promise.allSettled(failing.map((core) => core.ready()))
      await session.close()
      await settled
    },
  ],
  [
    'sessions and namespaces of the store',
    (store) => async (index) => {
      const session = index % 2 ? store.session() : store.namespace(`namespace ${index}`)
      session.on('core-open', () => {})
      await session.ready()
      await session.close()
    },
  ],
]

test.each(uses)(`10,000 times opening and closing leaks nothing: %s`, async (_, useOf) => {
  const store = openStore({ cacheSize: 0 })
  const kept = store.get({ name: 'kept' })
  await kept.ready()
  const use = useOf(store)
  // What is made once for all, and what V8 compiles, is no leak.
  await repeat(store, SESSIONS / ROUNDS, use)
  const handles = process.getActiveResourcesInfo()
  const grown = await leastGrowth(ROUNDS, () => repeat(store, SESSIONS / ROUNDS, use))
  expect(store.cores.size).toBe(1)
  expect([...store.cores]).toEqual([kept.core])
  expect([...store.sessions]).toEqual([kept])
  expect(store.corestores.size).toBe(0)
  expect(kept.core?.activeSessions).toBe(1)
  // The weak one is that of the events.
  expect(kept.core?.allSessions().filter(({ weak }) => !weak)).toEqual([kept])
  expect(grown).toBeLessThan(LEAST_GROWTH)
  await until(() => newHandles(handles).length === 0)
})

test('a store that is closed leaves no handle', async () => {
  const handles = process.getActiveResourcesInfo()
  const store = openStore()
  await Promise.all(range(AT_ONCE).map((index) => store.get({ name: `core ${index}` }).append('block')))
  store.replicate(true)
  await store.close()
  await until(() => newHandles(handles).length === 0)
})
