// `get` by key pair, by manifest, and with nothing at all.

import Hypercore from 'hypercore'
import crypto from 'hypercore-crypto'
import { describe, expect, test } from 'vitest'
import { hex, text } from '../helpers/bytes.js'
import { keysOf, openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'

describe('get by key pair', () => {
  test('gives a writable core that has its key at once', async () => {
    const keyPair = crypto.keyPair()
    const core = openStore().get({ keyPair })
    expect(hex(core.key)).toBe(hex(Hypercore.key(keyPair.publicKey)))
    await core.append('block')
    expect(core.writable).toBe(true)
  })

  test('gives the same core again, also after a restart', async () => {
    const place = newPlace()
    const keyPair = crypto.keyPair()
    const store = openStoreAt(place)
    await store.get({ keyPair }).append('block')
    expect(text(await store.get({ keyPair }).get(0))).toBe('block')
    await store.close()
    expect(text(await openStoreAt(place).get({ keyPair }).get(0))).toBe('block')
  })

  test('makes it of the manifest version of the store', async () => {
    const keyPair = crypto.keyPair()
    const core = openStore({ manifestVersion: 0 }).get({ keyPair })
    expect(hex(core.key)).toBe(hex(Hypercore.key(keyPair.publicKey, { version: 0 })))
    await core.ready()
    expect(core.manifest?.version).toBe(0)
  })

  test('opens the core that is stored under the public key, as Corestore 6 made it', async () => {
    const place = newPlace()
    const keyPair = crypto.keyPair()
    const store = openStoreAt(place)
    await store.get({ key: keyPair.publicKey, keyPair }).append('former')
    const core = store.get({ keyPair })
    await core.append('next')
    expect([hex(core.key), core.length]).toEqual([hex(keyPair.publicKey), 2])
    await store.close()

    const reopened = openStoreAt(place)
    const again = reopened.get({ keyPair })
    await again.ready()
    expect([hex(again.key), again.length, again.writable]).toEqual([hex(keyPair.publicKey), 2, true])
    expect(await reopened.delete({ keyPair }, { force: true })).toBe(true)
    expect(await reopened.getAuth(Hypercore.discoveryKey(keyPair.publicKey))).toBeNull()
  })

  test('opens the core of the manifest where both are stored', async () => {
    const place = newPlace()
    const keyPair = crypto.keyPair()
    const store = openStoreAt(place)
    await store.get({ keyPair }).append('usual')
    await store.get({ key: keyPair.publicKey, keyPair }).append('former')
    await store.close()
    const core = openStoreAt(place).get({ keyPair })
    expect(text(await core.get(0))).toBe('usual')
  })
})

describe('get by manifest', () => {
  const signers = [crypto.keyPair(), crypto.keyPair()]
  const manifest = { version: 1, quorum: 1, signers: signers.map(({ publicKey }) => ({ publicKey })) }

  test('gives the core of that manifest, which has its key at once', async () => {
    const core = openStore().get({ manifest })
    expect(hex(core.key)).toBe(hex(Hypercore.key(manifest)))
    await core.ready()
    expect(core.manifest?.signers).toHaveLength(2)
    expect(core.writable).toBe(false)
  })

  test('gives a writable core with the key pair of a signer', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    const core = store.get({ manifest, keyPair: signers[1] })
    await core.append('block')
    await store.close()

    const again = openStoreAt(place).get({ manifest })
    expect(text(await again.get(0))).toBe('block')
    expect(again.writable).toBe(true)
  })
})

describe('get with nothing at all', () => {
  test.each([
    ['get()', undefined],
    ['get(null)', null],
    ['get({})', {}],
  ])('makes a new writable core, another one each time: %s', async (_, nothing) => {
    const store = openStore()
    const cores = [store.get(nothing), store.get(nothing)]
    expect(new Set(cores.map(({ key }) => hex(key))).size).toBe(2)
    for (const core of cores) await core.append('block')
    expect(cores.map(({ writable }) => writable)).toEqual([true, true])
  })

  test('makes one that is found again by key, and still writable after a restart', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    const core = store.get()
    const { key } = keysOf(core)
    await core.append('block')
    expect(text(await store.get(key).get(0))).toBe('block')
    await store.close()

    const again = openStoreAt(place).get(key)
    expect(text(await again.get(0))).toBe('block')
    await again.append('more')
    expect(again.length).toBe(2)
  })
})
