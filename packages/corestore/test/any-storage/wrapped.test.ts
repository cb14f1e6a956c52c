// Stores that an app has wrapped: in a Proxy, as reactive frameworks do, or by Object.create.

import { describe, expect, test } from 'vitest'
import { Corestore } from '../../src/index.js'
import { bytes32, hex, listed, text } from '../helpers/bytes.js'
import { next } from '../helpers/events.js'
import { keysOf, openStore } from '../helpers/open-store.js'
import { connect, reads } from '../helpers/streams.js'

/** A proxy that wraps every object that is read through it as well. */
function deepProxy<T extends object>(target: T): T {
  return new Proxy(target, {
    get(owner, name, receiver) {
      const value: unknown = Reflect.get(owner, name, receiver)
      const isWrapped = value instanceof Corestore || name === 'cores' || name === 'root'
      return isWrapped && typeof value === 'object' && value !== null ? deepProxy(value) : value
    },
  })
}

describe.each<[string, (store: Corestore) => Corestore]>([
  ['a Proxy', (store) => new Proxy(store, {})],
  ['a Proxy of a Proxy', (store) => new Proxy(new Proxy(store, {}), {})],
  ['a Proxy that wraps what is read through it', deepProxy],
  ['Object.create', (store) => Object.create(store)],
])('a store behind %s', (_, wrap) => {
  test('gets, names, lists, replicates, deletes and closes as the store does', async () => {
    const store = openStore()
    const wrapped = wrap(store)
    await wrapped.ready()
    expect([wrapped.opened, wrapped.closing, wrapped.closed]).toEqual([true, null, false])
    expect(Corestore.isCorestore(wrapped)).toBe(true)
    expect(Corestore.from(wrapped)).toBe(wrapped)

    const core = wrapped.get({ name: 'a' })
    await core.append('block')
    expect(hex(core.key)).toBe(hex((await ready(store.get({ name: 'a' }))).key))
    const namespace = wrapped.namespace('b')
    const inside = namespace.get({ name: 'a' })
    await inside.append('inside')
    expect(hex(namespace.ns)).toBe(hex(store.namespace('b').ns))
    const session = wrapped.session({ readOnly: true })
    expect([session.readOnly, session.root]).toEqual([true, store])
    expect(hex((await ready(wrapped.default())).key)).toBe(hex((await ready(store.default())).key))

    expect([...wrapped.list().keys()]).toEqual([...store.list().keys()])
    expect(await listed(wrapped.list())).toEqual(await listed(store.list()))
    expect(await listed(wrapped.list(wrapped.ns))).toEqual(await listed(store.list(store.ns)))
    const names = []
    for await (const { name } of wrapped.stored({ namespace: namespace.ns })) names.push(name)
    expect(names).toEqual(['a'])
    for await (const { audit } of wrapped.audit()) expect(audit?.corrupt).toBe(false)

    const peer = openStore()
    connect(wrapped, peer)
    await reads(peer.get(keysOf(core).key), 'block')

    expect(wrapped.cores.size).toBe(store.cores.size)
    expect(wrapped.cores.get(keysOf(core).discoveryKey)).toBe(core.core)
    expect(wrapped.storage).toBe(store.storage)
    expect(wrapped.primaryKey).toEqual(store.primaryKey)
    expect(wrapped.corestores).toBe(store.corestores)
    expect(wrapped.sessions).toBe(store.sessions)
    expect((await wrapped.createKeyPair('a')).publicKey).toHaveLength(32)
    expect((await wrapped.getAuth(keysOf(core).discoveryKey))?.key).toEqual(core.key)
    wrapped.findingPeers()()
    await wrapped.suspend()
    await wrapped.resume()

    await inside.close()
    expect(await namespace.delete({ name: 'a' })).toBe(true)
    const staticCore = await wrapped.staticify(core)
    expect(text(await staticCore.get(0))).toBe('block')
    await wrapped.close()
    expect([wrapped.closed, store.closed, core.closed]).toEqual([true, true, true])
    expect(() => wrapped.get()).toThrow(expect.objectContaining({ code: 'SESSION_CLOSED' }))
  })

  test('emits the events of the store, watches and hears of groups', async () => {
    const store = openStore({ cacheSize: 0 })
    const wrapped = wrap(store)
    const events = [next(wrapped, 'ready'), next(wrapped, 'core-open'), next(wrapped, 'core-close')]
    const closed = next(wrapped, 'close')
    const opening = new Promise((resolve) => wrapped.watch(resolve))
    const handle = wrapped.notifyGroup(bytes32(1))
    const updated = next(handle, 'update')
    const core = store.get({ name: 'a', group: bytes32(1) })
    await core.append('block')
    expect(await opening).toBe(core.core)
    await updated
    await core.close()
    await Promise.all(events)
    await store.close()
    await closed
  })

  test('lets nothing be heard any more after off and removeAllListeners', async () => {
    const store = openStore()
    const wrapped = wrap(store)
    const heard: unknown[] = []
    const listener = (core: unknown) => heard.push(core)
    wrapped.on('core-open', listener)
    wrapped.off('core-open', listener)
    wrapped.on('core-open', listener)
    wrapped.removeAllListeners('core-open')
    const opened = next(store, 'core-open')
    await store.get({ name: 'a' }).ready()
    await opened
    expect(heard).toEqual([])
  })
})

test.each<[string, <T extends object>(object: T) => T]>([
  ['a Proxy', (object) => new Proxy(object, {})],
  ['Object.create', (object) => Object.create(object)],
])('the handle of a group works behind %s, and so does store.cores', async (_, wrap) => {
  const store = openStore()
  const handle = wrap(store.notifyGroup(bytes32(1)))
  const updated = next(handle, 'update')
  const core = store.get({ name: 'a', group: bytes32(1) })
  await core.append('block')
  await updated
  expect(await listed(handle.updates())).toEqual([hex(core.key)])
  handle.destroy()
  const cores = wrap(store.cores)
  expect([cores.size, [...cores], cores.map.size]).toEqual([1, [core.core], 1])
})

test('a store that is printed shows no secret', async () => {
  const { inspect } = await import('node:util')
  const store = openStore({ primaryKey: bytes32(7) })
  await store.ready()
  for (const showHidden of [true, false]) {
    expect(inspect(store, { showHidden, depth: 8 })).not.toMatch(/07 07 07|7, 7, 7/)
  }
  expect(JSON.stringify(Object.keys(store))).not.toContain('primaryKey')
})

async function ready<T extends { ready(): Promise<void> }>(core: T): Promise<T> {
  await core.ready()
  return core
}
