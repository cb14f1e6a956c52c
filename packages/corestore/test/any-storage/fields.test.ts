// The fields of a store that packages of the ecosystem read.

import { describe, expect, test } from 'vitest'
import { bytes32, hex } from '../helpers/bytes.js'
import { keysOf, openStore } from '../helpers/open-store.js'

test('storage is the hypercore-storage instance beneath', async () => {
  const store = openStore()
  const core = store.get({ name: 'a' })
  await core.ready()
  expect(await store.storage.hasCore(keysOf(core).discoveryKey)).toBe(true)
})

describe('cores', () => {
  test('has a size, and iterates over the open cores of the whole family', async () => {
    const store = openStore()
    const sessions = [
      store.get({ name: 'a' }),
      store.session().get({ name: 'a' }),
      store.namespace('b').get(),
    ]
    expect(store.namespace('c').cores).toBe(store.cores)
    await Promise.all(sessions.map((core) => core.ready()))
    expect(store.cores.size).toBe(2)
    expect(new Set(store.cores)).toEqual(new Set(sessions.map(({ core }) => core)))
  })

  test('gives a core by its discovery key, bytes or hex, and null for one that is not open', async () => {
    const store = openStore()
    const core = store.get({ name: 'a' })
    await core.ready()
    const { discoveryKey } = keysOf(core)
    expect(store.cores.get(discoveryKey)).toBe(core.core)
    expect(store.cores.get(hex(discoveryKey))).toBe(core.core)
    expect(store.cores.get(bytes32(1))).toBe(null)
  })
})

test('corestores are the sessions and namespaces that are not closed', async () => {
  const store = openStore()
  const [session, namespace] = [store.session(), store.namespace('a')]
  const nested = namespace.session()
  expect([...store.corestores]).toEqual([session, namespace, nested])
  expect(session.corestores).toBe(store.corestores)
  await namespace.close()
  expect([...store.corestores]).toEqual([session, nested])
})

test('sessions are the Hypercore sessions that this store made, until they close', async () => {
  const store = openStore()
  const session = store.session()
  const [one, other] = [store.get({ name: 'a' }), store.get({ name: 'a' })]
  const elsewhere = session.get({ name: 'a' })
  await Promise.all([one.ready(), other.ready(), elsewhere.ready()])
  const derived = one.session()
  await derived.ready()
  expect(new Set(store.sessions)).toEqual(new Set([one, other, derived]))
  expect(new Set(store.sessions.list(hex(one.discoveryKey)))).toEqual(new Set([one, other, derived]))
  expect([...session.sessions]).toEqual([elsewhere])
  expect(store.sessions.size).toBe(1) // counts cores, as Corestore 7 does
  for (const core of [one, other, derived]) await core.close()
  expect([...store.sessions]).toEqual([])
  expect(store.sessions.size).toBe(0)
})

test('ns is the namespace: 32 bytes', () => {
  const store = openStore()
  expect(hex(store.ns)).toBe(hex(bytes32(0)))
  expect(store.namespace('a').ns).toHaveLength(32)
})

test('primaryKey is null until the store is open, then 32 bytes', async () => {
  const store = openStore()
  const session = store.session({ primaryKey: bytes32(1) })
  expect(store.primaryKey).toBe(null)
  await store.ready()
  expect(store.primaryKey).toHaveLength(32)
  expect(store.namespace('a').primaryKey).toEqual(store.primaryKey)
  expect(hex(session.primaryKey)).toBe(hex(bytes32(1)))
})

test('ns and primaryKey are Buffers, as in Corestore 7', async () => {
  const store = openStore({ primaryKey: bytes32(1) })
  await store.ready()
  const session = store.session({ namespace: bytes32(2), primaryKey: bytes32(3) })
  const others = [store.session({ namespace: null }).ns, store.namespace('a').ns]
  for (const bytes of [store.ns, store.primaryKey, session.ns, session.primaryKey, ...others]) {
    expect(Buffer.isBuffer(bytes)).toBe(true)
  }
  expect([hex(session.ns), hex(session.primaryKey)]).toEqual([hex(bytes32(2)), hex(bytes32(3))])
})

test('readOnly is whether nothing can be written through this store', () => {
  const store = openStore()
  expect(store.readOnly).toBe(false)
  expect(store.session({ readOnly: true }).readOnly).toBe(true)
  expect(store.session({ writable: false }).namespace('a').readOnly).toBe(true)
})

test('root is the store that has the storage, and null for that itself', () => {
  const store = openStore()
  expect(store.root).toBe(null)
  expect(store.namespace('a').session().root).toBe(store)
})

test('manifestVersion is that of new named cores', () => {
  const store = openStore({ manifestVersion: 2 })
  expect(store.manifestVersion).toBe(2)
  expect(store.namespace('a').manifestVersion).toBe(2)
  expect(store.session({ manifestVersion: 0 }).manifestVersion).toBe(0)
  expect(openStore().manifestVersion).toBe(1)
})

test('opened, closing and closed tell how far the store is', async () => {
  const store = openStore()
  expect([store.opened, store.closing, store.closed]).toEqual([false, null, false])
  await store.ready()
  expect([store.opened, store.closing, store.closed]).toEqual([true, null, false])
  const closing = store.close()
  expect(store.closing).not.toBe(null)
  expect(store.closed).toBe(false)
  await closing
  expect(store.closing).not.toBe(null)
  expect(store.closed).toBe(true)
})
