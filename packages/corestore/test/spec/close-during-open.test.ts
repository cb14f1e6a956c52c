// `close` never hangs on an open that is under way, nor do sessions that wait for something.

import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { bytes32, text } from '../helpers/bytes.js'
import { openStore, openStoreAt, range } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'

/** How `core.ready()` ended. */
function outcome(core: { ready(): Promise<void> }): Promise<unknown> {
  return core.ready().then(
    () => 'opened',
    (error) => error.code,
  )
}

/** Lets promises that have settled run on, so many times. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await null
}

/** Every way in which a core can be asked for. */
function getAll(store: Corestore) {
  return [
    store.get({ name: 'a' }),
    store.get({ name: 'a' }),
    store.get({ name: 'a', exclusive: true }),
    store.get({ name: 'a', exclusive: true }),
    store.get(bytes32(1)),
    store.get(),
    store.get({ discoveryKey: bytes32(2) }),
    store.get({ preload: async () => ({ name: 'b' }) }),
  ]
}

describe('close never hangs on an open under way', () => {
  test('of the store itself', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    const ready = outcome(store)
    await store.close()
    await ready
    await openStoreAt(place).ready()
  })

  test.each<[string, (store: Corestore) => Promise<unknown>]>([
    ['ready', (store) => store.ready()],
    ['ready of a session', (store) => store.session().ready()],
    ['ready of a core', (store) => store.get({ name: 'a' }).ready()],
    ['append', (store) => store.get({ name: 'a' }).append('block')],
    ['get', (store) => store.get({ key: bytes32(5) }).get(0)],
    ['createKeyPair', (store) => store.createKeyPair('a')],
    ['getAuth', (store) => store.getAuth(bytes32(5))],
    ['delete', (store) => store.delete({ name: 'a' })],
  ])('before the storage is open, which ends %s with SESSION_CLOSED', async (_, call) => {
    const store = openStore()
    const outcome = call(store).then(
      () => 'done',
      (error) => error.code,
    )
    await store.close()
    expect(await outcome).toBe('SESSION_CLOSED')
  })

  test('of cores, whatever moment it comes at', async () => {
    const place = newPlace()
    for (const moment of range(60)) {
      const store = openStoreAt(place)
      if (moment % 3 > 0) await store.ready()
      const cores = getAll(store)
      const outcomes = cores.map(outcome)
      await turns(moment)
      if (moment % 2) await new Promise(setImmediate)
      await store.close()
      for (const result of await Promise.all(outcomes)) {
        expect(['opened', 'SESSION_CLOSED', 'STORAGE_EMPTY']).toContain(result)
      }
      expect(cores.map(({ closed }) => closed)).toEqual(cores.map(() => true))
    }
    const store = openStoreAt(place)
    await store.get({ name: 'a' }).append('block')
  })

  test('of a session, whatever moment it comes at; its store goes on', async () => {
    const store = openStore({ cacheSize: 0 })
    for (const moment of range(60)) {
      const session = store.session()
      if (moment % 3 > 0) await session.ready()
      const cores = getAll(session)
      const outcomes = cores.map(outcome)
      await turns(moment)
      if (moment % 2) await new Promise(setImmediate)
      await session.close()
      await Promise.all(outcomes)
      expect(cores.map(({ closed }) => closed)).toEqual(cores.map(() => true))
      expect(session.sessions.size).toBe(0)
    }
    const core = store.get({ name: 'a', exclusive: true })
    await core.append('block')
    expect(text(await core.get(0))).toBe('block')
  })
})

describe('close never hangs with an exclusive session that waits', () => {
  test('in the store that closes', async () => {
    const store = openStore()
    await store.get({ name: 'a', exclusive: true }).ready()
    const waiting = store.get({ name: 'a', exclusive: true })
    const outcomes = [outcome(waiting), outcome(store.session().get({ name: 'a', exclusive: true }))]
    await store.close()
    await Promise.all(outcomes)
    expect(waiting.closed).toBe(true)
  })

  test('behind a session of another store, whatever moment it comes at', async () => {
    const store = openStore()
    const holder = store.get({ name: 'a', exclusive: true })
    await holder.ready()
    const waiting: Promise<unknown>[] = []
    for (const moment of range(60)) {
      const session = store.session()
      await session.ready()
      waiting.push(outcome(session.get({ name: 'a', exclusive: true })))
      waiting.push(outcome(session.get({ exclusive: true, preload: async () => ({ name: 'a' }) })))
      await turns(moment)
      await session.close()
      expect(session.closed).toBe(true)
    }
    await holder.close()
    await Promise.all(waiting)
    const next = store.get({ name: 'a', exclusive: true })
    await next.append('block')
    expect(next.length).toBe(1)
  })
})

describe('close never hangs with a preload that never settles', () => {
  const never = new Promise<never>(() => {})

  test.each([
    ['of the store that closes', (store: Corestore) => store],
    ['of a session of it', (store: Corestore) => store.session()],
  ])('%s', async (_, storeOf) => {
    const store = openStore()
    const cores = [storeOf(store).get({ preload: never }), storeOf(store).get({ preload: () => never })]
    const outcomes = cores.map(outcome)
    await store.close()
    expect(await Promise.all(outcomes)).toEqual(['SESSION_CLOSED', 'SESSION_CLOSED'])
  })
})
