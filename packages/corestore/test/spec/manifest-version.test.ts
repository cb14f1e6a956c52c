// Named cores stay the same core whatever changes: the manifest version, a restart.

import { describe, expect, test } from 'vitest'
import { bytes32, hex } from '../helpers/bytes.js'
import { keysOf, openStore, openStoreAt, range } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { expectSame, write } from '../helpers/same-core.js'

const VERSIONS = [0, 1, 2]
const CHANGES = VERSIONS.flatMap((before) => VERSIONS.map((after) => [before, after] as const))

describe.each(CHANGES)('a core that was named under manifest version %i', (before, after) => {
  test(`is the same one after a restart under version ${after}`, async () => {
    const place = newPlace()
    const store = openStoreAt(place, { manifestVersion: before })
    const namespace = store.namespace('n')
    const key = await write(namespace, 'block')
    expect(namespace.get({ name: 'a' }).manifest?.version ?? before).toBe(before)
    await store.close()

    const again = openStoreAt(place, { manifestVersion: after })
    await expectSame(again.namespace('n'), key)
    await again.close()
    await expectSame(openStoreAt(place, { manifestVersion: before }).namespace('n'), key, 2)
  })

  test(`is the same one for a session of version ${after}, open or not`, async () => {
    const store = openStore({ manifestVersion: before, cacheSize: 0 })
    const core = store.get({ name: 'a' })
    await core.append('block')
    const session = store.session({ manifestVersion: after })
    const open = session.get({ name: 'a' })
    await open.ready()
    expect(open.core).toBe(core.core)
    await Promise.all([open.close(), core.close()])
    await expectSame(session, hex(core.key))
  })

  test(`is the same one under version ${after} for a session with a primary key of its own`, async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    const key = await write(store.session({ primaryKey: bytes32(1), manifestVersion: before }), 'block')
    await store.close()
    const again = openStoreAt(place, { manifestVersion: after })
    await expectSame(again.session({ primaryKey: bytes32(1) }), key)
  })
})

describe('a name that is opened for the first time under two manifest versions at once', () => {
  test('is one core', async () => {
    for (const round of range(20)) {
      const store = openStore({ manifestVersion: 1 })
      const stores = [store, store.session({ manifestVersion: 0 }), store.session({ manifestVersion: 2 })]
      if (round % 2 === 1) await store.ready()
      const cores = stores.map((each) => each.get({ name: 'a' }))
      await Promise.all(cores.map((core) => core.ready()))
      expect(new Set(cores.map(({ key }) => hex(key))).size).toBe(1)
      await Promise.all(cores.map((core) => core.append('block')))
      await store.close()
    }
  })

  test('is one core also if the first one fails to open', async () => {
    const store = openStore()
    const failing = store.get({ name: 'a', createIfMissing: false })
    const core = store.session({ manifestVersion: 2 }).get({ name: 'a' })
    await expect(failing.ready()).rejects.toMatchObject({ code: 'STORAGE_EMPTY' })
    await core.ready()
    const again = store.get({ name: 'a' })
    await again.ready()
    expect(hex(again.key)).toBe(hex(core.key))
  })
})

describe('a named core that this store has stored by its key first', () => {
  test('is the same one under its name, under any manifest version, after a restart', async () => {
    const primaryKey = bytes32(1)
    const elsewhere = openStore({ primaryKey, manifestVersion: 1 }).get({ name: 'a' })
    await elsewhere.ready()
    const { key } = keysOf(elsewhere)

    const place = newPlace()
    const store = openStoreAt(place, { primaryKey, manifestVersion: 1 })
    await store.get(key).ready()
    const named = store.get({ name: 'a' })
    await named.append('block')
    expect([hex(named.key), named.writable]).toEqual([hex(key), true])
    await store.close()

    const again = openStoreAt(place, { manifestVersion: 2 })
    await expectSame(again, hex(key))
  })

  test('is deleted with its name', async () => {
    const store = openStore()
    const keyPair = await store.createKeyPair('a')
    const core = store.get({ keyPair })
    await core.append('block')
    const named = store.get({ name: 'a' })
    await named.ready()
    expect(hex(named.key)).toBe(hex(core.key))
    await Promise.all([core.close(), named.close()])
    await store.delete(keysOf(core).key)
    const anew = store.get({ name: 'a' })
    await anew.append('new block')
    expect([hex(anew.key), anew.length]).toEqual([hex(core.key), 1])
  })
})
