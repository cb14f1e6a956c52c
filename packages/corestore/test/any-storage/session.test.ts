// `session`: a store on the same resources, with a namespace or a primary key of its own, or tied to its store.

import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { bytes32, hex, listed, text } from '../helpers/bytes.js'
import { openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'

describe('session', () => {
  test('gives a store on the same resources, with the same names', async () => {
    const store = openStore()
    const session = store.namespace('a').session()
    await session.get({ name: 'name' }).append('block')
    expect(text(await store.namespace('a').get({ name: 'name' }).get(0))).toBe('block')
    expect(session.root).toBe(store)
    expect(session.storage).toBe(store.storage)
    expect(session.cores).toBe(store.cores)
  })

  test('takes over what it is not told: manifest version and options', async () => {
    const store = openStore({ manifestVersion: 2, valueEncoding: 'utf-8' })
    const core = store.session().get({ name: 'a' })
    await core.append('block')
    expect(core.manifest?.version).toBe(2)
    expect(await core.get(0)).toBe('block')
  })
})

describe('session({ namespace })', () => {
  test('has the names of that namespace, wherever it is made', async () => {
    const store = openStore()
    const namespace = store.namespace('a')
    await namespace.get({ name: 'name' }).append('block')
    const session = store.namespace('b').session({ namespace: namespace.ns })
    expect(text(await session.get({ name: 'name' }).get(0))).toBe('block')
  })

  test('null: has the names of the default namespace', async () => {
    const store = openStore({ namespace: bytes32(7) })
    const session = store.namespace('a').session({ namespace: null })
    expect(hex(session.ns)).toBe(hex(bytes32(0)))
    await session.get({ name: 'name' }).append('block')
    expect(
      text(
        await store
          .session({ namespace: bytes32(0) })
          .get({ name: 'name' })
          .get(0),
      ),
    ).toBe('block')
  })

  test('undefined: has the names of its store', () => {
    const namespace = openStore().namespace('a')
    expect(hex(namespace.session({ namespace: undefined }).ns)).toBe(hex(namespace.ns))
  })

  test.each([
    ['31 bytes', new Uint8Array(31)],
    ['no bytes', new Uint8Array(0)],
    ['a string', 'name'],
    ['an empty string', ''],
    ['a number', 0],
  ])('cannot be %s', (_, namespace) => {
    const store = openStore()
    expect(() => store.session({ namespace: namespace as never })).toThrow(
      expect.objectContaining({
        code: 'BAD_ARGUMENT',
        message: expect.stringContaining('namespace must be 32 bytes'),
      }),
    )
  })
})

describe('session({ primaryKey })', () => {
  test('derives its own keys, as a store with that primary key does', async () => {
    const session = openStore().session({ primaryKey: bytes32(1) })
    const store = openStore({ primaryKey: bytes32(1) })
    expect(await keyOf(session, 'a')).toBe(await keyOf(store, 'a'))
    expect(await keyOf(session.namespace('b'), 'a')).toBe(await keyOf(store.namespace('b'), 'a'))
    expect(hex((await session.createKeyPair('a')).publicKey)).toBe(
      hex((await store.createKeyPair('a')).publicKey),
    )
    expect(hex(session.primaryKey)).toBe(hex(bytes32(1)))
  })

  test('is never mixed up with the names of its store, whichever opens a name first', async () => {
    const store = openStore()
    const session = store.session({ primaryKey: bytes32(1) })
    const another = store.session({ primaryKey: bytes32(2) })
    for (const [name, order] of [
      ['a', [store, session, another]],
      ['b', [another, session, store]],
    ] as const) {
      const keys: string[] = []
      for (const each of order) keys.push(await keyOf(each, name))
      for (const each of order) keys.push(await keyOf(each, name))
      expect(new Set(keys).size).toBe(3)
      expect(keys.slice(3)).toEqual(keys.slice(0, 3))
    }
  })

  test('finds its cores again after a restart, and its store finds its own', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    await store.get({ name: 'a' }).append('of the store')
    await store
      .session({ primaryKey: bytes32(1) })
      .get({ name: 'a' })
      .append('of the session')
    await store
      .session({ primaryKey: bytes32(1) })
      .namespace('b')
      .get({ name: 'a' })
      .append('of b')
    await store.close()

    const again = openStoreAt(place)
    const session = again.session({ primaryKey: bytes32(1) })
    expect(text(await session.get({ name: 'a' }).get(0))).toBe('of the session')
    expect(text(await session.namespace('b').get({ name: 'a' }).get(0))).toBe('of b')
    expect(text(await again.get({ name: 'a' }).get(0))).toBe('of the store')
  })

  test('keeps its cores under another manifest version', async () => {
    const store = openStore()
    const primaryKey = bytes32(1)
    const key = await keyOf(store.session({ primaryKey, manifestVersion: 0 }), 'a')
    expect(await keyOf(store.session({ primaryKey, manifestVersion: 1 }), 'a')).toBe(key)
  })

  test('files its names apart: they are not listed in the namespace of its store', async () => {
    const store = openStore()
    const own = await keyOf(store, 'a')
    const session = store.session({ primaryKey: bytes32(1) })
    await keyOf(session, 'a')
    const [only, ...more] = await listed(store.list(store.ns))
    expect(more).toEqual([])
    const core = store.get({ discoveryKey: only })
    await core.ready()
    expect(hex(core.key)).toBe(own)
  })

  test('is copied: whoever gave it may wipe it at once', async () => {
    const store = openStore()
    const wiped = bytes32(1)
    const session = store.session({ primaryKey: wiped })
    wiped.fill(0)
    expect(await keyOf(session, 'a')).toBe(await keyOf(store.session({ primaryKey: bytes32(1) }), 'a'))
  })

  test('has the names of its store, if that is its primary key too', async () => {
    const primaryKey = bytes32(1)
    const store = openStore({ primaryKey })
    await store.get({ name: 'a' }).append('block')
    expect(text(await store.session({ primaryKey }).get({ name: 'a' }).get(0))).toBe('block')
  })

  test.each([
    ['31 bytes', new Uint8Array(31)],
    ['a string', 'secret'],
    ['no bytes', new Uint8Array(0)],
    ['an empty string', ''],
  ])('cannot be %s', (_, primaryKey) => {
    const store = openStore()
    expect(() => store.session({ primaryKey: primaryKey as never })).toThrow(
      expect.objectContaining({ code: 'BAD_ARGUMENT', message: expect.stringContaining('must be 32 bytes') }),
    )
  })
})

describe('session({ detach })', () => {
  test('true, by default: closing it leaves its store open', async () => {
    const store = openStore()
    await store.session().close()
    await store.session({ detach: true }).close()
    await store.get({ name: 'a' }).append('block')
    expect(store.closing).toBe(null)
  })

  test('false: closing it also closes the store that made it', async () => {
    const store = openStore()
    const core = store.get({ name: 'a' })
    await core.ready()
    await store.session({ detach: false }).close()
    expect(store.closed).toBe(true)
    expect(core.closed).toBe(true)
  })

  test('false: closes the session or namespace that made it, and nothing above', async () => {
    const store = openStore()
    const namespace = store.namespace('a')
    await namespace.namespace('b', { detach: false }).close()
    expect(namespace.closed).toBe(true)
    expect(store.closing).toBe(null)
  })

  test('false, all the way up: closes the root', async () => {
    const store = openStore()
    await store.namespace('a', { detach: false }).namespace('b', { detach: false }).close()
    expect(store.closed).toBe(true)
  })

  test('false: the store that made it may be closed first', async () => {
    const store = openStore()
    const session = store.session({ detach: false })
    await Promise.all([store.close(), session.close()])
    expect(session.closed).toBe(true)
  })
})

async function keyOf(store: Corestore, name: string): Promise<string> {
  const core = store.get({ name })
  await core.ready()
  await core.close()
  return hex(core.key)
}
