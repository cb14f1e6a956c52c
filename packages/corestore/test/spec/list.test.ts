// `list`: the open cores as a Map, and the discovery keys of all stored ones as a stream.

import { describe, expect, test } from 'vitest'
import { hex, listed, text } from '../helpers/bytes.js'
import { until } from '../helpers/events.js'
import { keysOf, openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'

describe('list() as a Map', () => {
  test('is from hex discovery key to open core, whichever store of the family opened it', async () => {
    const store = openStore()
    const cores = [store.get({ name: 'a' }), store.namespace('b').get({ name: 'a' }), store.get()]
    await Promise.all(cores.map((core) => core.ready()))
    const list = store.session().list()
    expect(list).toBeInstanceOf(Map)
    expect([...list.keys()].sort()).toEqual(cores.map(({ discoveryKey }) => hex(discoveryKey)).sort())
    for (const core of cores) expect(list.get(hex(core.discoveryKey))?.core).toBe(core.core)
  })

  test('gives cores that can be used', async () => {
    const store = openStore()
    const core = store.get({ name: 'a' })
    await core.append('block')
    const listedCore = store.list().get(hex(core.discoveryKey))
    await listedCore?.ready()
    expect(listedCore?.length).toBe(1)
    expect(hex(listedCore?.key ?? null)).toBe(hex(core.key))
  })

  test('keeps no core open', async () => {
    const store = openStore({ cacheSize: 0 })
    const core = store.get({ name: 'a' })
    await core.ready()
    const listedCore = store.list().get(hex(core.discoveryKey))
    await listedCore?.ready()
    const closed = new Promise<void>((resolve) => listedCore?.once('close', resolve))
    await core.close()
    await closed
    await until(() => store.cores.size === 0)
  })

  test('gives a core that can be used again after somebody has closed the one it gave', async () => {
    const store = openStore()
    const core = store.get({ name: 'a' })
    await core.append('block')
    const id = hex(core.discoveryKey)
    const first = store.list().get(id)
    await Promise.all([first?.close(), store.list().get(id)?.ready()])
    const second = store.list().get(id)
    expect(await second?.get(0)).toEqual(Buffer.from('block'))
    expect(store.list().get(id)).toBe(second)
    await core.append('more')
  })

  test('is as of the call', async () => {
    const store = openStore()
    const before = store.list()
    await store.get({ name: 'a' }).ready()
    expect(before.size).toBe(0)
    expect(store.list().size).toBe(1)
  })

  test('does not hold cores that are stored and not open', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    await store.get({ name: 'a' }).append('block')
    await store.close()
    const again = openStoreAt(place)
    await again.ready()
    expect(again.list().size).toBe(0)
  })
})

describe('for await over list()', () => {
  test('streams the discovery keys of every stored core, open or not', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    const cores = [store.get({ name: 'a' }), store.namespace('b').get({ name: 'a' }), store.get()]
    for (const core of cores) await core.append('block')
    const all = cores.map(({ discoveryKey }) => hex(discoveryKey)).sort()
    expect(await listed(store.list())).toEqual(all)
    await store.close()

    const again = openStoreAt(place)
    expect(await listed(again.list())).toEqual(all)
    expect(await listed(again.namespace('b').list())).toEqual(all)
    await again.get({ name: 'a' }).ready()
    expect(await listed(again.list())).toEqual(all)
  })

  test('gives discovery keys that get takes', async () => {
    const store = openStore()
    await store.get({ name: 'a' }).append('block')
    for await (const discoveryKey of store.list()) {
      expect(text(await store.get({ discoveryKey }).get(0))).toBe('block')
    }
  })

  test('may be left early', async () => {
    const store = openStore()
    await Promise.all([store.get().ready(), store.get().ready()])
    for await (const discoveryKey of store.list()) {
      expect(discoveryKey).toHaveLength(32)
      break
    }
    await store.close()
  })
})

describe('for await over list(namespace)', () => {
  test('streams the discovery keys of the named cores in that namespace', async () => {
    const store = openStore()
    const namespace = store.namespace('a')
    const inside = [namespace.get({ name: 'a' }), namespace.get({ name: 'b' })]
    const outside = [store.get({ name: 'a' }), namespace.get(), namespace.namespace('a').get({ name: 'a' })]
    for (const core of [...inside, ...outside]) await core.ready()
    const named = (cores: typeof inside) => cores.map((core) => hex(keysOf(core).discoveryKey)).sort()
    expect(await listed(store.list(namespace.ns))).toEqual(named(inside))
    expect(await listed(store.list(store.ns))).toEqual(named(outside.slice(0, 1)))
    expect(await listed(store.list(store.namespace('empty').ns))).toEqual([])
  })

  test('lists what a session with a primary key of its own has named, for that session', async () => {
    const session = openStore().session({ primaryKey: new Uint8Array(32).fill(1) })
    const core = session.get({ name: 'a' })
    await core.ready()
    expect(await listed(session.list(session.ns))).toEqual([hex(core.discoveryKey)])
  })

  test('takes 32 bytes only', () => {
    const store = openStore()
    for (const namespace of [new Uint8Array(31), 'a' as never, null as never]) {
      expect(() => store.list(namespace)).toThrow(
        expect.objectContaining({
          code: 'BAD_ARGUMENT',
          message: expect.stringContaining('must be 32 bytes'),
        }),
      )
    }
  })
})
