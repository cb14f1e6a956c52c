// `close` always ends and gives everything back, whatever fails on the way.

import type { Replicator } from '@coreyard/replicator'
import { PeerStreams } from '@coreyard/replicator'
import Hypercore from 'hypercore'
import { describe, expect, test } from 'vitest'
import { Corestore, CorestoreError, type StoreOptions } from '../../src/index.js'
import { STORE } from '../../src/store/store-base.js'
import { text } from '../helpers/bytes.js'
import { emptyDirectory } from '../helpers/directories.js'
import { next, record } from '../helpers/events.js'
import { openStore, openStoreAt, range } from '../helpers/open-store.js'
import { newPlace, placeIn } from '../helpers/places.js'
import { nextWarning } from '../helpers/warnings.js'

const failure = new Error('It fails')
const fails = () => {
  throw failure
}

/** A replicator of which some methods are not as they should be. */
function replicator(methods: Partial<Replicator>): Replicator {
  const streams = new PeerStreams({ onstream: () => {}, onask: () => false })
  return {
    start: () => {},
    replicate: (target, options) => streams.open(target, options),
    offer: () => {},
    close: () => streams.close(),
    ...methods,
  }
}

/** Closes a store and gives the error, which it must reject with once. */
async function failureOf(store: Corestore): Promise<CorestoreError> {
  const error = await store.close().then(
    () => null,
    (error: unknown) => error,
  )
  await store.close()
  await store.closing
  expect(store.closed).toBe(true)
  if (!(error instanceof CorestoreError)) throw new Error('close has not failed')
  return error
}

describe('close with a replicator whose close fails', () => {
  test.each<[string, Replicator['close'], string]>([
    ['throws', fails, failure.message],
    ['rejects', () => Promise.reject(failure), failure.message],
    ['never settles', () => new Promise(() => {}), 'close() must settle'],
  ])('%s: closes all else, rejects once, and frees the directory', async (_, close, message) => {
    const directory = emptyDirectory()
    const options: StoreOptions = { ...placeIn(directory, 'files').options }
    const store = new Corestore(directory, { ...options, replicator: replicator({ close }) })
    const core = store.get({ name: 'a' })
    await core.append('block')
    const { primaryKey } = store[STORE]().shared
    const error = await failureOf(store)
    expect(error).toMatchObject({ code: 'CLOSE_FAILED', message: expect.stringContaining(message) })
    expect(error.cause).toBeInstanceOf(AggregateError)
    expect([core.closed, store.cores.size]).toEqual([true, 0])
    expect(primaryKey).toEqual(Buffer.alloc(32))
    expect(store.primaryKey).toBe(null)
    const again = new Corestore(directory, options)
    await again.get({ name: 'a' }).append('more')
    await again.close()
  })
})

test('close reports every failure at once: of the replicator, a core and a session', async () => {
  const errors = range(3).map((index) => new Error(`failure ${index}`))
  const store = openStore({ replicator: replicator({ close: () => Promise.reject(errors[0]) }) })
  const cores = ['a', 'b', 'c'].map((name) => store.get({ name }))
  await Promise.all(cores.map((core) => core.append('block')))
  const [a, b, c] = cores
  if (!a?.core || !b) throw new Error('no core')
  const close = a.core.close.bind(a.core)
  a.core.close = async () => {
    await close()
    throw errors[1]
  }
  b.once('close', () => {
    throw errors[2]
  })
  const error = await failureOf(store)
  expect(new Set((error.cause as AggregateError).errors)).toEqual(new Set(errors))
  expect([a.closed, b.closed, c?.closed]).toEqual([true, true, true])
})

test('close(callback) tells the failure to the callback, and leaves no rejection unhandled', async () => {
  const store = openStore({ replicator: replicator({ close: fails }) })
  await store.ready()
  const told = await new Promise((resolve) => store.close(resolve))
  expect(told).toMatchObject({ code: 'CLOSE_FAILED' })
  expect(await new Promise((resolve) => store.close(resolve))).toBe(null)
})

test('close of a session whose core fails to close its session goes on with the others', async () => {
  const store = openStore()
  const session = store.session({ primaryKey: new Uint8Array(32).fill(1) })
  const { primaryKey } = session[STORE]().settings
  const cores = ['a', 'b', 'c'].map((name) => session.get({ name }))
  await Promise.all(cores.map((core) => core.ready()))
  cores[1]?.once('close', fails)
  expect(await failureOf(session)).toMatchObject({ cause: { errors: [failure] } })
  expect(cores.map(({ closed }) => closed)).toEqual([true, true, true])
  expect(store.corestores.size).toBe(0)
  expect([session.primaryKey, primaryKey]).toEqual([null, Buffer.alloc(32)])
})

test('close ends when a session does not close and stays on its core', async () => {
  const place = newPlace()
  const store = openStoreAt(place)
  const core = store.get({ name: 'a' })
  await core.append('block')
  core.close = () => Promise.reject(failure)
  expect(await failureOf(store)).toMatchObject({ message: expect.stringContaining(failure.message) })
  expect(text(await openStoreAt(place).get({ name: 'a' }).get(0))).toBe('block')
})

test('closing a session keeps the primary key of the namespaces that it made', async () => {
  const session = openStore().session({ primaryKey: new Uint8Array(32).fill(1) })
  const nested = session.namespace('a')
  await session.close()
  expect(nested.primaryKey).toEqual(Buffer.alloc(32, 1))
  await nested.get({ name: 'a' }).append('block')
})

describe('a replicator that throws, rejects or never settles', () => {
  test.each<[string, () => never | Promise<never>]>([
    ['throws', fails],
    ['rejects', () => Promise.reject(failure)],
  ])('%s in offer and stored: cores open, and the store warns', async (_, method) => {
    const store = openStore({ replicator: replicator({ offer: method, stored: method }) })
    const warned = next(store, 'warning')
    const core = store.get({ name: 'a' })
    await core.append('block')
    expect(await warned).toEqual([failure])
    await store.close()
  })

  test('rejects in start: the store opens, and warns', async () => {
    const start = () => Promise.reject(failure) as never
    const store = openStore({ replicator: replicator({ start }) })
    expect(await next(store, 'warning')).toEqual([failure])
    await store.get({ name: 'a' }).append('block')
  })

  test('throws in start: the store is not made, and its storage is free', async () => {
    const place = newPlace()
    expect(() => openStoreAt(place, { replicator: replicator({ start: fails }) })).toThrow(failure)
    await openStoreAt(place).get({ name: 'a' }).append('block')
  })

  test('never settles in offer: cores open and close', async () => {
    const offer = () => new Promise(() => {}) as never
    const store = openStore({ replicator: replicator({ offer }) })
    await store.get({ name: 'a' }).append('block')
    await store.close()
  })
})

describe('a listener that throws', () => {
  const events = ['ready', 'close', 'feed', 'core-open', 'core-close'] as const
  const unshowable = Object.create(null)
  test.each([
    ...events.map((event) => ({ event, how: 'throws', listener: fails, message: failure.message })),
    ...events.map((event) => ({
      event,
      how: 'is asynchronous and rejects',
      listener: () => Promise.reject(failure),
      message: failure.message,
    })),
    ...events.map((event) => ({
      event,
      how: 'throws what has no text',
      listener: () => {
        throw unshowable
      },
      message: 'an object that cannot be shown as text',
    })),
  ])(
    'for $event and $how: keeps nothing from going on, and becomes a warning of the process',
    async ({ event, listener, message }) => {
      const place = newPlace()
      const store = openStoreAt(place, { cacheSize: 0 })
      store.on(event, listener)
      const others = record(store, event)
      const warned = nextWarning(message)
      const core = store.get({ name: 'a' })
      await core.append('block')
      await core.close()
      await store.close()
      await warned
      expect(others).toHaveLength(1)
      await openStoreAt(place).get({ name: 'a' }).append('more')
    },
  )

  test('for warning: the other stores of the family are told', async () => {
    const store = openStore({ replicator: replicator({ offer: fails }) })
    const session = store.session()
    store.on('warning', () => {
      throw new Error('Not told')
    })
    const warned = [nextWarning('Not told'), next(session, 'warning')]
    await store.get({ name: 'a' }).append('block')
    await Promise.all(warned)
  })

  test('of a Hypercore session, for ready: the store closes', async () => {
    const store = openStore()
    const core = store.get({ name: 'a' })
    core.on('ready', fails)
    await expect(core.ready()).rejects.toBe(failure)
    await store.close()
    expect(store.cores.size).toBe(0)
  })
})

test('a core that fails to close when it is evicted is told as a warning of every store of the family', async () => {
  const store = openStore({ cacheSize: 0 })
  const session = store.session()
  const core = store.get({ name: 'a' })
  await core.ready()
  if (core.core === null) throw new Error('no core')
  core.core.close = () => Promise.reject(failure)
  const warnings = Promise.all([store, session].map((each) => next(each, 'warning')))
  await core.close()
  for (const [warning] of await warnings) {
    expect(warning).toMatchObject({ code: 'CLOSE_FAILED', message: expect.stringContaining(failure.message) })
  }
})

test('a warning that no store listens to is one of the process', async () => {
  const store = openStore({ replicator: replicator({ offer: fails }) })
  const warned = nextWarning(failure.message)
  await store.get({ name: 'a' }).append('block')
  await warned
})

describe('close with an exclusive session that no store tracks', () => {
  test.each([
    ['one that has its turn', 1],
    ['one that waits behind another', 2],
  ])('%s: ends, of the store', async (_, count) => {
    const store = openStore()
    const core = store.get({ name: 'a' })
    await core.ready()
    const untracked = range(count).map(
      () => new Hypercore(null, null, { core: core.core, exclusive: true, active: false }),
    )
    await untracked[0]?.ready()
    const waiting = store.get({ name: 'a', exclusive: true })
    const failed = waiting.ready().catch((error) => error.code)
    await store.close()
    expect(await failed).toBe('SESSION_CLOSED')
    expect([waiting.closed, store.cores.size]).toEqual([true, 0])
  })

  test('one that a session of the store derived: ends, of the session', async () => {
    const store = openStore()
    const holder = store.get({ name: 'a', exclusive: true })
    await holder.ready()
    const session = store.session()
    const core = session.get({ name: 'a' })
    await core.ready()
    const waiting = core.session({ exclusive: true })
    const outcome = waiting.ready().catch(() => {})
    await session.close()
    await holder.append('goes on')
    await store.close()
    await outcome
    expect(waiting.closed).toBe(true)
  })

  test('one of a session that has closed meanwhile: ends, of the store', async () => {
    const store = openStore()
    const holder = store.get({ name: 'a', exclusive: true })
    await holder.ready()
    const session = store.session()
    await session.ready()
    const waiting = session.get({ name: 'a', exclusive: true })
    const outcome = waiting.ready().catch(() => {})
    await session.close()
    await store.close()
    await outcome
    expect(waiting.closed).toBe(true)
  })
})

describe('delete after a close that was not awaited', () => {
  test.each([
    ['open', async (core: { ready(): Promise<void> }) => core.ready()],
    ['opening', async () => {}],
  ])('of a session that is %s: waits for it, as for an append', async (_, before) => {
    const store = openStore()
    const { key } = await storedCore(store)
    const core = store.get({ key })
    await before(core)
    core.close()
    expect(await store.delete({ key })).toBe(true)
    expect(core.closed).toBe(true)
  })

  test('with another session open: is refused', async () => {
    const store = openStore()
    const { key } = await storedCore(store)
    const [core, other] = [store.get({ key }), store.get({ key })]
    await Promise.all([core.ready(), other.ready()])
    core.close()
    await expect(store.delete({ key })).rejects.toMatchObject({ code: 'CORE_IN_USE' })
    await other.append('goes on')
  })

  test('of a name that is still looked up: leaves nothing', async () => {
    const store = openStore()
    const { key } = await storedCore(store)
    const core = store.namespace('b').get({ name: 'new' })
    core.close().catch(() => {})
    const named = store.get({ name: 'a' })
    named.close().catch(() => {})
    expect(await store.delete({ key })).toBe(true)
    await Promise.allSettled([core.close(), named.close()])
    const left = []
    for await (const stored of store.stored()) left.push(stored.name)
    expect(left).not.toContain('a')
  })
})

async function storedCore(store: Corestore): Promise<{ key: Uint8Array }> {
  const core = store.get({ name: 'a' })
  await core.append('block')
  const { key } = core
  await core.close()
  if (key === null) throw new Error('no key')
  return { key }
}
