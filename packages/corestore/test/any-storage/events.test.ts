// The events of a store: `feed`, `core-open`, `core-close`, `ready`, `close`.

import { describe, expect, test } from 'vitest'
import { hex, text } from '../helpers/bytes.js'
import { next, record, until } from '../helpers/events.js'
import { keysOf, openStore } from '../helpers/open-store.js'
import { connect } from '../helpers/streams.js'

describe('feed and core-open', () => {
  test('come with the core the first time it opens, feed with the options of get', async () => {
    const store = openStore()
    const feeds = record(store, 'feed')
    const opens = record(store, 'core-open')
    const core = store.get({ name: 'a', valueEncoding: 'utf-8' })
    await Promise.all([core.ready(), next(store, 'core-open')])
    expect(opens.map(([opened]) => hex(opened.key))).toEqual([hex(core.key)])
    expect(feeds.map(([fed]) => hex(fed.key))).toEqual([hex(core.key)])
    expect(feeds[0]?.[1]).toMatchObject({ name: 'a', valueEncoding: 'utf-8' })
  })

  test('do not come for a core that is open already', async () => {
    const store = openStore()
    const opens = record(store, 'core-open')
    await Promise.all([store.get({ name: 'a' }).ready(), next(store, 'core-open')])
    await Promise.all([store.get({ name: 'a' }).ready(), store.session().get({ name: 'a' }).ready()])
    await Promise.all([store.get({ name: 'b' }).ready(), next(store, 'core-open')])
    expect(opens).toHaveLength(2)
  })

  test('come with a core that can be used, and that keeps nothing open', async () => {
    const store = openStore({ cacheSize: 0 })
    const opened = next(store, 'core-open')
    const core = store.get({ name: 'a' })
    await core.append('block')
    const [told] = await opened
    expect(text(await told.get(0))).toBe('block')
    const closed = next(store, 'core-close')
    await core.close()
    await closed
    expect(told.closed).toBe(true)
  })

  test('come for a core that opens because a peer asks for it', async () => {
    const writer = openStore({ cacheSize: 0 })
    const written = writer.get({ name: 'a' })
    await written.append('block')
    const { key } = keysOf(written)
    const closed = next(writer, 'core-close')
    await written.close()
    await closed
    const opened = next(writer, 'core-open')
    const reader = openStore()
    connect(writer, reader)
    const core = reader.get(key)
    expect(hex((await opened)[0].key)).toBe(hex(key))
    expect(text(await core.get(0))).toBe('block')
  })

  test('do not come for a core that fails to open', async () => {
    const store = openStore()
    const opens = record(store, 'core-open')
    await expect(store.get({ discoveryKey: new Uint8Array(32) }).ready()).rejects.toMatchObject({
      code: 'STORAGE_EMPTY',
    })
    await Promise.all([store.get({ name: 'a' }).ready(), next(store, 'core-open')])
    expect(opens).toHaveLength(1)
  })
})

describe('core-close', () => {
  test('comes with the core when it closes', async () => {
    const store = openStore({ cacheSize: 0 })
    const core = store.get({ name: 'a' })
    await core.ready()
    const closed = next(store, 'core-close')
    await core.close()
    expect(hex((await closed)[0].key)).toBe(hex(core.key))
    expect(store.cores.size).toBe(0)
  })

  test('comes once, and not before the core closes, however often the core of an event was closed', async () => {
    const store = openStore({ cacheSize: 0 })
    const closes = record(store, 'core-close')
    store.on('feed', (core) => void core.close())
    const core = store.get({ name: 'a' })
    const [told] = await next(store, 'core-open')
    await told.close()
    for (const listed of store.list().values()) await listed.close()
    await core.append('block')
    expect(closes).toEqual([])
    const closed = next(store, 'core-close')
    await core.close()
    await closed
    await store.close()
    expect(closes.map(([closed]) => hex(closed.key))).toEqual([hex(core.key)])
  })

  test('does not come as long as the core has a session, or is kept in the cache', async () => {
    const store = openStore({ cacheSize: 1, idleTimeout: Infinity })
    const closes = record(store, 'core-close')
    const [one, other] = [store.get({ name: 'a' }), store.get({ name: 'a' })]
    await Promise.all([one.ready(), other.ready()])
    await one.close()
    await other.append('block')
    await other.close()
    const closed = next(store, 'core-close')
    const another = store.get({ name: 'b' })
    await another.ready()
    expect(closes).toHaveLength(0)
    await another.close()
    expect(hex((await closed)[0].key)).toBe(hex(one.key))
  })

  test('does not come when a list is read whose core has closed before', async () => {
    const store = openStore({ idleTimeout: 0 })
    const core = store.get({ name: 'a' })
    await core.ready()
    const list = store.list()
    const [open] = store.cores
    await core.close()
    await until(() => open?.closed === true)
    const again = store.get({ name: 'a' })
    await again.ready()
    let count = 0
    store.on('core-close', () => count++)
    const [listed] = list.values()
    await listed?.ready()
    await listed?.close()
    expect([listed?.closed, again.closed, count]).toEqual([true, false, 0])
  })

  test('comes for every open core before the store has closed', async () => {
    const store = openStore()
    await Promise.all([store.get({ name: 'a' }).ready(), store.namespace('b').get({ name: 'a' }).ready()])
    const told: string[] = []
    store.on('core-close', () => told.push('core-close'))
    store.on('close', () => told.push('close'))
    await store.close()
    expect(told).toEqual(['core-close', 'core-close', 'close'])
  })
})

test('a core that opens again after it closed is told again', async () => {
  const store = openStore({ cacheSize: 0 })
  const told: string[] = []
  store.on('core-open', () => told.push('open'))
  store.on('core-close', () => told.push('close'))
  for (let round = 0; round < 3; round++) {
    const closed = next(store, 'core-close')
    const opened = next(store, 'core-open')
    const core = store.get({ name: 'a' })
    await Promise.all([core.ready(), opened])
    await core.close()
    await closed
  }
  expect(told).toEqual(['open', 'close', 'open', 'close', 'open', 'close'])
})

test('the events of cores come to every store of a family', async () => {
  const store = openStore()
  const family = [store, store.session(), store.namespace('a')]
  const opened = Promise.all(family.map((each) => next(each, 'core-open')))
  const core = store.namespace('b').get({ name: 'a' })
  await core.ready()
  expect((await opened).map(([told]) => hex(told.key))).toEqual(family.map(() => hex(core.key)))
})

test('ready comes once the store is open, close once it is closed', async () => {
  const store = openStore()
  await next(store, 'ready')
  expect(store.opened).toBe(true)
  const session = store.session()
  await next(session, 'ready')
  expect(session.opened).toBe(true)
  for (const each of [session, store]) {
    const closed = next(each, 'close')
    await each.close()
    await closed
    expect(each.closed).toBe(true)
  }
})
