// `namespace`: a store with its own names.

import { describe, expect, test } from 'vitest'
import { Corestore } from '../../src/index.js'
import { hex, text, utf8 } from '../helpers/bytes.js'
import { openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'

describe('namespace', () => {
  test('gives a store with its own names', async () => {
    const store = openStore()
    const stores = [store, store.namespace('a'), store.namespace('b')]
    const cores = stores.map((namespace) => namespace.get({ name: 'name' }))
    await Promise.all(cores.map((core) => core.ready()))
    expect(stores[1]).toBeInstanceOf(Corestore)
    expect(new Set(cores.map(({ key }) => hex(key))).size).toBe(3)
  })

  test('gives the same names each time, also after a restart', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    await store.namespace('a').get({ name: 'name' }).append('block')
    expect(text(await store.namespace('a').get({ name: 'name' }).get(0))).toBe('block')
    await store.close()
    const again = openStoreAt(place)
    expect(text(await again.namespace('a').get({ name: 'name' }).get(0))).toBe('block')
  })

  test('chains: each step is a namespace of its own', () => {
    const store = openStore()
    const path = (...names: string[]) => hex(names.reduce((at, name) => at.namespace(name), store).ns)
    expect(path('a', 'b')).toBe(path('a', 'b'))
    expect(new Set([path(), path('a'), path('b'), path('a', 'b'), path('b', 'a'), path('ab')]).size).toBe(6)
  })

  test('takes a string or bytes: equal bytes are the same namespace', async () => {
    const store = openStore()
    expect(hex(store.namespace('ä').ns)).toBe(hex(store.namespace(utf8('ä')).ns))
    const binary = store.namespace(Uint8Array.of(0, 0xff))
    await binary.get({ name: 'a' }).append('block')
    expect(text(await store.namespace(Uint8Array.of(0, 0xff)).get({ name: 'a' }).get(0))).toBe('block')
  })

  test('takes the options of a session', async () => {
    const namespace = openStore().namespace('a', { manifestVersion: 2, valueEncoding: 'utf-8' })
    const core = namespace.get({ name: 'a' })
    await core.append('block')
    expect(await core.get(0)).toBe('block')
    expect(core.manifest?.version).toBe(2)
  })

  test('shares everything else with its store', async () => {
    const store = openStore()
    const namespace = store.namespace('a')
    const core = namespace.get({ name: 'name' })
    await core.append('block')
    expect(namespace.root).toBe(store)
    expect(namespace.storage).toBe(store.storage)
    expect(namespace.cores).toBe(store.cores)
    expect(text(await store.get({ key: core.key }).get(0))).toBe('block')
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty string', ''],
    ['no bytes', new Uint8Array(0)],
    ['a number', 1],
  ])('cannot be named with %s', (_, name) => {
    const store = openStore()
    expect(() => store.namespace(name as never)).toThrow(
      expect.objectContaining({
        code: 'BAD_ARGUMENT',
        message: expect.stringContaining('a string or bytes that are not empty'),
      }),
    )
  })
})
