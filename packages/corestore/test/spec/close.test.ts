// `close`: what it closes, and how it may be called. That it never hangs is in close-during-open.test.ts.

import { describe, expect, test } from 'vitest'
import { Corestore } from '../../src/index.js'
import { text } from '../helpers/bytes.js'
import { next, record } from '../helpers/events.js'
import { keysOf, openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { closed, connect, connection } from '../helpers/streams.js'

describe('closing a session', () => {
  test('closes the cores that it opened, and those only', async () => {
    const store = openStore()
    const session = store.namespace('a')
    const inside = [session.get({ name: 'a' }), session.get(), session.get({ name: 'b' }).snapshot()]
    const { key } = keysOf(session.get())
    const outside = [store.get({ name: 'a' }), store.get(key), store.namespace('a').get({ name: 'a' })]
    await Promise.all([...inside, ...outside].map((core) => core.ready()))
    await session.close()
    expect(inside.map((core) => core.closed)).toEqual([true, true, true])
    for (const core of outside) await core.append('block')
    expect(session.closed).toBe(true)
    expect(store.closing).toBe(null)
  })

  test('closes the sessions that were made of those, too', async () => {
    const session = openStore().session()
    const core = session.get({ name: 'a' })
    await core.append('block')
    const derived = [core.session(), core.snapshot(), core.session().session()]
    await Promise.all(derived.map((each) => each.ready()))
    await session.close()
    expect(derived.map((each) => each.closed)).toEqual([true, true, true])
  })

  test('leaves the sessions and namespaces that it made open', async () => {
    const session = openStore().session()
    const nested = session.namespace('a')
    await session.close()
    await nested.get({ name: 'a' }).append('block')
    expect(nested.closing).toBe(null)
  })

  test('leaves the storage and the streams of the store open', async () => {
    const store = openStore()
    const peer = openStore()
    const [near] = connect(store.session(), peer)
    await store.session().close()
    const core = store.get({ name: 'a' })
    await core.append('block')
    expect(text(await peer.get(keysOf(core).key).get(0))).toBe('block')
    expect(near.destroyed).toBe(false)
  })
})

describe('closing the root', () => {
  test('closes all: cores, sessions, namespaces and the storage', async () => {
    const store = openStore()
    const stores = [store.session(), store.namespace('a'), store.namespace('a').namespace('b')]
    const cores = [store, ...stores].map((each) => each.get({ name: 'a' }))
    await Promise.all(cores.map((core) => core.append('block')))
    await store.close()
    expect(cores.map((core) => core.closed)).toEqual(cores.map(() => true))
    expect(stores.map((each) => each.closed)).toEqual(stores.map(() => true))
    expect(store.cores.size).toBe(0)
    expect(store.storage.closed).toBe(true)
    expect(store.closed).toBe(true)
  })

  test('frees the storage for the next store', async () => {
    const place = newPlace()
    for (let restart = 0; restart < 3; restart++) {
      const store = openStoreAt(place)
      await store.get({ name: 'a' }).append('block')
      await store.close()
    }
    const core = openStoreAt(place).get({ name: 'a' })
    await core.ready()
    expect(core.length).toBe(3)
  })

  test('keeps what was appended', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    await store.get({ name: 'a' }).append('block')
    await store.close()
    expect(text(await openStoreAt(place).get({ name: 'a' }).get(0))).toBe('block')
  })

  test('destroys the streams that the store made, and not those that it was handed', async () => {
    const store = openStore()
    const made = store.replicate(true)
    const [handed] = connection()
    store.replicate(handed)
    await Promise.all([store.close(), closed(made)])
    expect(made.destroyed).toBe(true)
    expect(handed.destroyed).toBe(false)
  })
})

describe('close', () => {
  test('may be called twice', async () => {
    const store = openStore()
    await store.ready()
    const closing = record(store, 'close')
    await Promise.all([store.close(), store.close()])
    await store.close()
    expect(closing).toHaveLength(1)
    const session = openStore().session()
    await Promise.all([session.close(), session.close()])
    await session.close()
  })

  test('takes a callback', async () => {
    const store = openStore()
    const session = store.session()
    expect(await new Promise((resolve) => session.close(resolve))).toBe(null)
    expect(session.closed).toBe(true)
    expect(await new Promise((resolve) => store.close(resolve))).toBe(null)
    expect(await new Promise((resolve) => store.close(resolve))).toBe(null)
    expect(store.closed).toBe(true)
  })

  test('takes anything else for no callback, as Corestore 7 does', async () => {
    const store = openStore()
    await store.session().close({ force: true } as never)
    await store.close('now' as never)
    expect(store.closed).toBe(true)
  })

  test('happens at the end of an await using block', async () => {
    const place = newPlace()
    const seen: Corestore[] = []
    {
      await using store = new Corestore(place.storage, place.options)
      await using session = store.session()
      await session.get({ name: 'a' }).append('block')
      seen.push(store, session)
    }
    expect(seen.map((store) => store.closed)).toEqual([true, true])
  })

  test('is told: closing, then closed', async () => {
    const store = openStore()
    await store.ready()
    expect([store.closing, store.closed]).toEqual([null, false])
    const closing = store.close()
    expect(store.closing).toBeInstanceOf(Promise)
    expect(store.closed).toBe(false)
    await Promise.all([closing, next(store, 'close')])
    expect(store.closed).toBe(true)
  })
})
