// `watch` and `unwatch`: a function that is called with every core that begins to open.

import type { Core, Hypercore } from '@coreyard/hypercore-types'
import { expect, onTestFinished, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { bytes32, hex } from '../helpers/bytes.js'
import { next, until } from '../helpers/events.js'
import { keysOf, openStore } from '../helpers/open-store.js'
import { connect, reads } from '../helpers/streams.js'

test('a watcher is called with the core that begins to open', async () => {
  const store = openStore()
  const watched = watch(store)
  const core = store.get({ name: 'a' })
  await core.ready()
  expect(watched).toEqual([core.core])
})

test('it is called before the core has opened, when the store shows it already', async () => {
  const store = openStore()
  const seen = new Promise((resolve) => {
    store.watch((core) => resolve([core.opened, core === store.cores.get(core.discoveryKey ?? '')]))
  })
  store.get(new Uint8Array(32))
  expect(await seen).toEqual([false, true])
})

test('it has been called when get of a key returns', async () => {
  const store = openStore()
  const watched = watch(store)
  const core = store.get(bytes32(1))
  expect(watched).toEqual([core.core])
  await core.ready()
  expect(watched).toEqual([core.core])
})

test('it may open cores itself', async () => {
  const store = openStore()
  const others: Hypercore[] = []
  let count = 0
  store.watch(() => {
    if (count < 3) others.push(store.get(bytes32(count++)))
  })
  const watched = watch(store)
  const core = store.get({ name: 'a' })
  await core.ready()
  expect(others).toHaveLength(3)
  expect(new Set(watched)).toEqual(new Set([core, ...others].map(({ core }) => core)))
  expect(watched).toHaveLength(4)
})

test('what it throws is a warning, and breaks neither the store nor other watchers', async () => {
  const thrown = new TypeError('a watcher that fails')
  const warnings: unknown[] = []
  const listener = (warning: unknown) => {
    if (warning === thrown) warnings.push(warning)
  }
  process.on('warning', listener)
  onTestFinished(() => void process.off('warning', listener))
  const store = openStore()
  store.watch(() => {
    throw thrown
  })
  const watched = watch(store)
  const cores = [store.get(bytes32(1)), store.get({ name: 'a' })]
  await Promise.all(cores.map((core) => core.ready()))
  await store.get({ name: 'a' }).append('block')
  expect(watched).toHaveLength(2)
  // Node.js emits a warning on the next tick, which can come after an append.
  await until(() => warnings.length >= 2)
  expect(warnings).toEqual([thrown, thrown])
})

test('it must be a function', () => {
  const store = openStore()
  expect(() => store.watch(5 as never)).toThrow(
    expect.objectContaining({ code: 'BAD_ARGUMENT', message: 'watch takes a function, not a number' }),
  )
})

test('it is not called for a core that is open already', async () => {
  const store = openStore()
  const core = store.get({ name: 'a' })
  await core.ready()
  const watched = watch(store)
  await Promise.all([store.get({ name: 'a' }).ready(), core.session().ready()])
  await store.get({ name: 'b' }).ready()
  expect(watched).toHaveLength(1)
})

test('it is called again for a core that opens again', async () => {
  const store = openStore({ cacheSize: 0 })
  const watched = watch(store)
  for (const _ of [1, 2]) {
    const closed = next(store, 'core-close')
    const core = store.get({ name: 'a' })
    await core.ready()
    await core.close()
    await closed
  }
  expect(watched.map(({ discoveryKey }) => hex(discoveryKey))).toHaveLength(2)
  expect(watched[0]).not.toBe(watched[1])
})

test('it is called for the cores of every store of the family', async () => {
  const store = openStore()
  const watchers = [watch(store), watch(store.session()), watch(store.namespace('a'))]
  const cores = [store.get({ name: 'a' }), store.namespace('b').get({ name: 'a' })]
  await Promise.all(cores.map((core) => core.ready()))
  for (const watched of watchers) expect(new Set(watched)).toEqual(new Set(cores.map(({ core }) => core)))
})

test('it is called for a core that opens because a peer asks for it', async () => {
  const writer = openStore({ cacheSize: 0 })
  const written = writer.get({ name: 'a' })
  await written.append('block')
  const closed = next(writer, 'core-close')
  await written.close()
  await closed
  const watched = watch(writer)
  const reader = openStore()
  connect(writer, reader)
  await reads(reader.get(keysOf(written).key), 'block')
  // One that waits for its storage may close, as it is quiet, and open again.
  expect(new Set(watched).size).toBe(watched.length)
  expect(new Set(watched.map(({ discoveryKey }) => hex(discoveryKey)))).toEqual(
    new Set([hex(written.discoveryKey)]),
  )
})

test('one that is added twice is called once', async () => {
  const store = openStore()
  const watched: Core[] = []
  const watcher = (core: Core) => void watched.push(core)
  store.watch(watcher)
  store.watch(watcher)
  await store.get({ name: 'a' }).ready()
  expect(watched).toHaveLength(1)
})

test('unwatch ends it, for that function only', async () => {
  const store = openStore()
  const ended: Core[] = []
  const watcher = (core: Core) => void ended.push(core)
  store.watch(watcher)
  const watched = watch(store)
  await store.get({ name: 'a' }).ready()
  store.unwatch(watcher)
  store.unwatch(() => {}) // one that was never added is no error
  await store.get({ name: 'b' }).ready()
  expect(ended).toHaveLength(1)
  expect(watched).toHaveLength(2)
})

test('unwatch ends it at once, also for a core that has just begun to open', async () => {
  const store = openStore()
  const watched: Core[] = []
  const watcher = (core: Core) => void watched.push(core)
  store.watch(watcher)
  const core = store.get(bytes32(1))
  store.unwatch(watcher)
  store.get(bytes32(2))
  expect(watched).toEqual([core.core])
  await store.close()
  expect(watched).toEqual([core.core])
})

test('it ends when the store that it was given to closes', async () => {
  const store = openStore()
  const session = store.session()
  const watched = watch(session)
  await store.get({ name: 'a' }).ready()
  await session.close()
  await store.get({ name: 'b' }).ready()
  expect(watched).toHaveLength(1)
  expect(() => session.watch(() => {})).toThrow(expect.objectContaining({ code: 'SESSION_CLOSED' }))
  session.unwatch(() => {}) // ending it is always allowed
})

/** The cores that a store's watcher is called with from now on. */
function watch(store: Corestore): Core[] {
  const watched: Core[] = []
  store.watch((core) => watched.push(core))
  return watched
}
