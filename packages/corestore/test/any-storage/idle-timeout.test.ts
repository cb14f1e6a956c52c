// `idleTimeout`: after how long a core closes that no session and no peer holds. `cacheSize` has tests of its own.

import { describe, expect, test } from 'vitest'
import type { StoreOptions } from '../../src/index.js'
import { next, record, until } from '../helpers/events.js'
import { leastGrowth } from '../helpers/heap.js'
import { keysOf, openStore, range } from '../helpers/open-store.js'
import { connect, reads } from '../helpers/streams.js'
import { errorOf } from '../helpers/working-store.js'

const SOON = 20

describe('a core that only weak sessions hold', () => {
  test('closes by itself, and the weak sessions hear it', async () => {
    const store = openStore({ idleTimeout: SOON })
    const core = store.get({ name: 'a' })
    await core.append('block')
    const weak = [store.get({ name: 'a', weak: true }), core.session({ weak: true })]
    await Promise.all(weak.map((session) => session.ready()))
    const closed = Promise.all(weak.map((session) => next(session, 'close')))
    await core.close()
    await closed
    expect(weak.map((session) => session.closed)).toEqual([true, true])
    expect([store.cores.size, store.sessions.size]).toEqual([0, 0])
  })

  test.each([
    ['a key', (key: Uint8Array) => ({ key })],
    ['a name', () => ({ name: 'a' })],
    ['a preload', (key: Uint8Array) => ({ preload: async () => ({ key }) })],
  ])('closes by itself if get with %s was its only user', async (_, options) => {
    const store = openStore({ idleTimeout: SOON })
    const core = store.get({ name: 'a' })
    await core.append('block')
    const { key } = keysOf(core)
    const gone = next(store, 'core-close')
    await core.close()
    await gone
    const weak = store.get({ ...options(key), weak: true })
    await weak.ready()
    expect(weak.length).toBe(1)
    await next(weak, 'close')
    expect([store.cores.size, store.sessions.size]).toEqual([0, 0])
  })

  test('stays open for a session that is not weak, also one that a weak session derived', async () => {
    const store = openStore({ idleTimeout: 0 })
    const first = store.get({ name: 'a' })
    await first.ready()
    const weak = store.get({ name: 'a', weak: true })
    await weak.ready()
    const derived = weak.session({ weak: false })
    await derived.ready()
    await first.close()
    const [other, gone] = [store.get({ name: 'b' }), next(store, 'core-close')]
    await other.ready()
    await other.close()
    await gone
    expect(store.cores.size).toBe(1)
    await derived.append('block')
    const closed = next(weak, 'close')
    await derived.close()
    await closed
  })

  test('lets the store close, and does not keep a core from being deleted', async () => {
    const store = openStore()
    const core = store.get({ name: 'a' })
    await core.append('block')
    const weak = store.get({ name: 'a', weak: true })
    await weak.ready()
    await core.close()
    expect(await store.delete({ name: 'a' })).toBe(true)
    expect(weak.closed).toBe(true)
  })
})

describe('the option', () => {
  test('0 closes a core as soon as it is idle', async () => {
    const store = openStore({ idleTimeout: 0 })
    for (const _ of range(3)) {
      const [core, gone] = [store.get({ name: 'a' }), next(store, 'core-close')]
      await core.append('block')
      await core.close()
      await gone
      expect(store.cores.size).toBe(0)
    }
  })

  test('Infinity closes none: cacheSize does', async () => {
    const store = openStore({ idleTimeout: Infinity, cacheSize: 2 })
    const closes = record(store, 'core-close')
    for (const name of ['a', 'b', 'c']) {
      const core = store.get({ name })
      await core.ready()
      await core.close()
    }
    await until(() => closes.length === 1)
    expect(store.cores.size).toBe(2)
  })

  test('is 10 seconds by default: an idle core is still open after a while', async () => {
    const [store, other] = [openStore(), openStore({ idleTimeout: SOON })]
    for (const each of [store, other]) {
      const core = each.get({ name: 'a' })
      await core.ready()
      await core.close()
    }
    await until(() => other.cores.size === 0)
    expect(store.cores.size).toBe(1)
  })

  test('undefined is the default', () => {
    expect(errorOf(() => openStore({ idleTimeout: undefined }))).toBe(null)
  })

  test.each([[-1], [NaN], [-Infinity], ['10' as never], [null as never], [{} as never], [true as never]])(
    '%s is refused',
    (idleTimeout) => {
      const error = errorOf(() => openStore({ idleTimeout } as StoreOptions))
      expect(error).toMatchObject({ code: 'BAD_ARGUMENT', message: expect.stringContaining('idleTimeout') })
    },
  )
})

test('a core that a peer holds stays open', async () => {
  const store = openStore({ idleTimeout: SOON })
  const peer = openStore()
  const [held, other] = [store.get({ name: 'held' }), store.get({ name: 'other' })]
  await Promise.all([held, other].map((core) => core.append('block')))
  connect(store, peer)
  const copy = peer.get(keysOf(held).key)
  await reads(copy, 'block')
  const gone = next(store, 'core-close')
  await held.close()
  await other.close()
  const [closed] = await gone
  expect(closed.discoveryKey).toEqual(other.discoveryKey)
  expect(store.cores.get(keysOf(held).discoveryKey)).not.toBe(null)
  const heldGone = next(store, 'core-close')
  await peer.close()
  expect((await heldGone)[0].discoveryKey).toEqual(held.discoveryKey)
})

test('a core that is in use by peers after its session has closed goes on being served', async () => {
  const store = openStore({ idleTimeout: 0 })
  const peer = openStore()
  const core = store.get({ name: 'a' })
  await core.append(range(20).map((index) => `block ${index}`))
  const { key } = keysOf(core)
  connect(store, peer)
  const copy = peer.get(key)
  await reads(copy, 'block 0')
  await core.close()
  for (const index of range(20)) await reads(copy, `block ${index}`, index)
})

test('memory is given back while the store goes on', async () => {
  const store = openStore({ idleTimeout: SOON })
  const use = async (count: number) => {
    await Promise.all(
      range(count).map(async (index) => {
        const core = store.get({ name: `core ${index}` })
        await core.append('block')
        await core.close()
      }),
    )
    await until(() => store.cores.size === 0)
  }
  await use(500)
  // 500 open cores take some 10 MB.
  expect(await leastGrowth(3, () => use(500))).toBeLessThan(2e6)
})

describe('while the store is suspended', () => {
  test('no idle core is closed; after resume they are', async () => {
    const [store, other] = [openStore({ idleTimeout: SOON }), openStore({ idleTimeout: SOON })]
    for (const each of [store, other]) {
      const core = each.get({ name: 'a' })
      await core.append('block')
      if (each === store) await store.suspend()
      await core.close()
    }
    // This one was idle later.
    await until(() => other.cores.size === 0)
    expect(store.cores.size).toBe(1)
    const gone = next(store, 'core-close')
    await store.resume()
    await gone
  })

  test('the store closes', async () => {
    const store = openStore({ idleTimeout: SOON })
    const core = store.get({ name: 'a' })
    await core.append('block')
    await core.close()
    await store.suspend()
    await store.close()
  })
})
