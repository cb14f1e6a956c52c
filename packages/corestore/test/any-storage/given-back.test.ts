// What a store keeps for a user is given back when that user has gone. The memory of sessions is in leaks.test.ts.

import { describe, expect, onTestFinished, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { bytes32, hex } from '../helpers/bytes.js'
import { next, until } from '../helpers/events.js'
import { leastGrowth } from '../helpers/heap.js'
import { openStore, range } from '../helpers/open-store.js'

const CORES = 1000

/** A store with that many open cores. */
async function manyCores(): Promise<Corestore> {
  const store = openStore({ idleTimeout: Infinity })
  await Promise.all(range(CORES).map((index) => store.get({ name: `core ${index}` }).ready()))
  return store
}

/** How many weak sessions the open cores of a store have. */
function weakSessions(store: Corestore): number {
  return [...store.cores].flatMap((core) => core.allSessions()).filter(({ weak }) => weak).length
}

describe('list()', () => {
  test('keeps nothing for the cores that it lists', async () => {
    const store = await manyCores()
    store.list()
    const grown = await leastGrowth(5, async () => {
      const list = store.list()
      expect([list.size, [...list.keys()].length]).toEqual([CORES, CORES])
    })
    expect(weakSessions(store)).toBe(0)
    // 1.6 KB for each core would be 1.6 MB.
    expect(grown).toBeLessThan(400_000)
  })

  test('makes a session for each core that is looked at, one for all lists', async () => {
    const store = await manyCores()
    const [list, other] = [store.list(), store.list()]
    const [id = ''] = list.keys()
    const core = list.get(id)
    await core?.ready()
    expect(other.get(id)).toBe(core)
    expect(weakSessions(store)).toBe(1)
  })

  test('is a Map in every way', async () => {
    const store = openStore()
    const cores = ['a', 'b', 'c'].map((name) => store.get({ name }))
    await Promise.all(cores.map((core) => core.ready()))
    // In the order in which they began to open: each name is looked up on disk before.
    const ids = [...store.cores].map((core) => hex(core.discoveryKey))
    expect(new Set(ids)).toEqual(new Set(cores.map((core) => hex(core.discoveryKey))))
    const opened = [...store.cores]
    expect([...store.list().keys()]).toEqual(ids)
    expect([...store.list().values()].map(({ core }) => core)).toEqual(opened)
    expect([...store.list().entries()].map(([id, { core }]) => [id, core])).toEqual(
      ids.map((id, index) => [id, opened[index]]),
    )
    expect([...store.list()].map(([id]) => id)).toEqual(ids)
    const seen: unknown[] = []
    const list = store.list()
    list.forEach((session, id, map) => {
      seen.push([id, session.core, map === list])
    })
    expect(seen).toEqual(ids.map((id, index) => [id, opened[index], true]))
    const [first = ''] = ids
    expect([list.has(first), list.has('other'), list.get('other')]).toEqual([true, false, undefined])
    expect([list.delete(first), list.delete(first), list.size, list.get(first)]).toEqual([
      true,
      false,
      2,
      undefined,
    ])
    list.clear()
    expect([list.size, [...list.values()]]).toEqual([0, []])
    expect(structuredClone([...store.list().keys()])).toEqual(ids)
  })
})

describe('the events of cores', () => {
  test.each([
    ['off', (store: Corestore, listener: () => void) => store.off('core-open', listener)],
    ['removeAllListeners(event)', (store) => store.removeAllListeners('core-open')],
    ['removeAllListeners()', (store) => store.removeAllListeners()],
  ] as [string, (store: Corestore, listener: () => void) => unknown][])(
    'end with the last listener, taken away by %s, and begin again with the next',
    async (_, remove) => {
      const store = openStore()
      await store.get({ name: 'a' }).ready()
      const listener = () => {}
      store.on('core-open', listener)
      await Promise.all([store.get({ name: 'b' }).ready(), next(store, 'core-open')])
      remove(store, listener)
      const before = weakSessions(store)
      await store.get({ name: 'c' }).ready()
      expect(weakSessions(store)).toBe(before)
      const opened = next(store, 'core-open')
      const core = store.get({ name: 'd' })
      await core.ready()
      expect((await opened)[0].key).toEqual(core.key)
    },
  )

  test('keep no session for a core that no listener was ever given', async () => {
    const store = await manyCores()
    const listener = () => {}
    store.on('core-close', listener)
    await until(() => weakSessions(store) === CORES)
    store.off('core-close', listener)
    await until(() => weakSessions(store) === 0)
    expect(store.cores.size).toBe(CORES)
  })

  test('go on for the other listeners and stores', async () => {
    const store = openStore()
    const session = store.session()
    const listener = () => {}
    for (const each of [store, session]) each.on('core-open', listener)
    store.off('core-open', listener)
    const opened = next(session, 'core-open')
    await store.get({ name: 'a' }).ready()
    await opened
  })
})

test('a session that closes takes the handles of its groups along, and keeps those of others', async () => {
  const store = openStore()
  const session = store.session()
  const handles = [session.notifyGroup(bytes32(1)), store.notifyGroup(bytes32(1))]
  const told: number[] = []
  for (const [index, handle] of handles.entries()) handle.on('update', () => told.push(index))
  await session.close()
  await store.get({ name: 'a', group: bytes32(1) }).append('block')
  expect(told).toEqual([1])
})

test('sessions with a group handle, a watcher and a search for peers leave nothing', async () => {
  const store = openStore()
  await store.get({ name: 'kept' }).ready()
  const use = async (count: number) => {
    for (const _ of range(count)) {
      const session = store.session()
      session.notifyGroup(bytes32(1))
      session.watch(() => {})
      session.findingPeers()
      await session.close()
    }
  }
  await use(1000)
  // A kilobyte for each would be 2 MB.
  expect(await leastGrowth(3, () => use(2000))).toBeLessThan(600_000)
})

test('searches for peers leave nothing on a core that stays open', async () => {
  const store = openStore()
  const core = store.get({ name: 'a' })
  await core.ready()
  const listeners = core.listenerCount('close')
  for (const _ of range(20)) store.findingPeers()()
  expect(core.listenerCount('close')).toBe(listeners)
})

test('many handles of groups, readings and waits for one signal warn of no leak', async () => {
  const warnings: Error[] = []
  const warn = (warning: Error) => void warnings.push(warning)
  process.on('warning', warn)
  onTestFinished(() => void process.off('warning', warn))
  const store = openStore()
  const { signal } = new AbortController()
  const cores = range(20).map((index) => {
    store.notifyGroup(bytes32(index))
    return store.get({ name: `core ${index}`, signal })
  })
  await Promise.all([...range(20).map(() => store.stored().next()), ...cores.map((core) => core.ready())])
  await new Promise((resolve) => setImmediate(resolve)) // a warning is emitted in the next tick
  expect(warnings).toEqual([])
})

test('a search for peers keeps no core that has closed', async () => {
  const store = openStore({ idleTimeout: 0 })
  await store.get({ name: 'kept' }).ready()
  const done = store.findingPeers()
  const use = async (count: number) => {
    for (const index of range(count)) {
      const core = store.get({ name: `core ${index % 20}` })
      await core.ready()
      await core.close()
    }
  }
  await use(1000)
  // A kilobyte for each would be 2 MB.
  expect(await leastGrowth(3, () => use(2000))).toBeLessThan(600_000)
  done()
})
