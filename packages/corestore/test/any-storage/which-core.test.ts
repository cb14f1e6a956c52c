// Which core `get` means by a name with a manifest, by a key with a key pair, and by options that leave it empty.

import Hypercore from 'hypercore'
import crypto from 'hypercore-crypto'
import { describe, expect, test } from 'vitest'
import type { GetOptions } from '../../src/index.js'
import { bytes32, hex, text } from '../helpers/bytes.js'
import { keysOf, openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { connect } from '../helpers/streams.js'
import { errorOf, workingStore } from '../helpers/working-store.js'

describe('options that leave empty which core is meant', () => {
  const empty: [string, object][] = [
    ['key: null', { key: null }],
    ['key: undefined', { key: undefined }],
    ['name: null', { name: null }],
    ['name: undefined', { name: undefined }],
    ['discoveryKey: undefined', { discoveryKey: undefined }],
    ['all three', { key: null, name: undefined, discoveryKey: null }],
    ['with other options', { key: null, keyPair: null, manifest: undefined, valueEncoding: 'json' }],
  ]

  test.each(empty)('are refused by get, and make no core: %s', async (_, options) => {
    const { store, goesOn } = await workingStore()
    expect(errorOf(() => store.get(options as GetOptions))).toMatchObject({
      code: 'BAD_ARGUMENT',
      message:
        'name, key and discoveryKey are empty: pass one of them, or none of these options for a new core',
    })
    await goesOn()
  })

  test.each(empty)('are refused by delete and with preload: %s', async (_, options) => {
    const { store, goesOn } = await workingStore()
    await expect(store.delete(options as GetOptions)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
    const later = store.get({ preload: async () => options as GetOptions })
    await expect(later.ready()).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
    await goesOn()
  })

  test.each([
    ['an ArrayBuffer', new ArrayBuffer(32)],
    ['a view that is no Uint8Array', new Uint16Array(16)],
    ['a DataView', new DataView(new ArrayBuffer(32))],
    ['a promise of options', Promise.resolve({ name: 'a' })],
    ['a public key of Corestore 6', { publicKey: bytes32(1) }],
    ['a key pair in place of the option keyPair', crypto.keyPair()],
  ])('are refused where they are %s', async (_, argument) => {
    const { store, goesOn } = await workingStore()
    expect(errorOf(() => store.get(argument as GetOptions))).toMatchObject({ code: 'BAD_ARGUMENT' })
    const later = store.get({ preload: () => argument as GetOptions })
    if (!(argument instanceof Promise)) {
      await expect(later.ready()).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
    }
    await later.close()
    await goesOn()
  })

  test('are fine as long as one of them says it', async () => {
    const store = openStore()
    await store.get({ name: 'a', key: undefined, discoveryKey: null }).append('block')
    const { key, discoveryKey } = keysOf(store.get({ name: 'a' }))
    const ways = [
      { key, name: undefined },
      { discoveryKey, key: null, name: null },
      { name: 'a', key: null },
    ]
    for (const way of ways) expect(text(await store.get(way).get(0))).toBe('block')
    const keyPair = crypto.keyPair()
    expect(hex(store.get({ key: undefined, keyPair }).key)).toBe(hex(Hypercore.key(keyPair.publicKey)))
  })
})

test('a discovery key beside a key or a manifest must be the one of that core', async () => {
  const { store, goesOn } = await workingStore()
  const manifest = { signers: [{ publicKey: crypto.keyPair().publicKey }] }
  const key = Hypercore.key(manifest)
  for (const options of [{ key }, { manifest }]) {
    const error = errorOf(() => store.get({ ...options, discoveryKey: bytes32(1) }))
    expect(error).toMatchObject({ code: 'BAD_ARGUMENT' })
  }
  await goesOn()
  expect(hex(store.get({ key, discoveryKey: Hypercore.discoveryKey(key) }).key)).toBe(hex(key))
})

describe('a name with a manifest', () => {
  test('makes the core with that manifest, and finds it by the name alone, after a restart too', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    const { publicKey } = await store.createKeyPair('a')
    const manifest = { version: 1, quorum: 1, signers: [{ publicKey }, { publicKey: bytes32(1) }] }
    const key = hex(Hypercore.key(manifest))
    const core = store.get({ name: 'a', manifest })
    await core.append('block')
    expect([hex(core.key), core.writable]).toEqual([key, true])
    expect(hex(store.get({ name: 'a' }).key)).toBe(key)
    await store.close()

    const again = openStoreAt(place)
    for (const options of [{ name: 'a' }, { name: 'a', manifest }, { name: 'a' }]) {
      const found = again.get(options)
      expect(text(await found.get(0))).toBe('block')
      expect([hex(found.key), found.writable, found.manifest?.signers.length]).toEqual([key, true, 2])
    }
  })

  test('is not writable if the key pair of the name is none of the signers', async () => {
    const place = newPlace()
    const manifest = { signers: [{ publicKey: crypto.keyPair().publicKey }] }
    const store = openStoreAt(place)
    const core = store.get({ name: 'a', manifest })
    await core.ready()
    expect([hex(core.key), core.writable]).toEqual([hex(Hypercore.key(manifest)), false])
    await store.close()
    const again = openStoreAt(place).get({ name: 'a' })
    await again.ready()
    expect([hex(again.key), again.writable]).toEqual([hex(core.key), false])
  })

  test('names a core that was stored by its key', async () => {
    const store = openStore()
    const manifest = {
      signers: [{ publicKey: (await store.createKeyPair('a')).publicKey, namespace: bytes32(1) }],
    }
    const key = Hypercore.key(manifest)
    await store.get(key).ready()
    const core = store.get({ name: 'a', manifest })
    await core.append('block')
    expect(text(await store.get({ name: 'a' }).get(0))).toBe('block')
    expect(hex(core.key)).toBe(hex(key))
  })

  test('is one core if it is asked for twice at once, with the manifest and without', async () => {
    const store = openStore()
    const manifest = { signers: [{ publicKey: bytes32(1) }] }
    const cores = [store.get({ name: 'a', manifest }), store.get({ name: 'a' })]
    await Promise.all(cores.map((core) => core.ready()))
    expect(cores.map(({ key }) => hex(key))).toEqual(Array(2).fill(hex(Hypercore.key(manifest))))
  })

  test('is refused for a name whose core has another manifest, whether or not that is known', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    await store.get({ name: 'a' }).append('block')
    const manifest = { signers: [{ publicKey: bytes32(1) }] }
    const error = {
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('manifest is that of another core'),
    }
    expect(errorOf(() => store.get({ name: 'a', manifest }))).toMatchObject(error)
    await store.close()
    const again = openStoreAt(place)
    await expect(again.get({ name: 'a', manifest }).ready()).rejects.toMatchObject(error)
    expect(text(await again.get({ name: 'a' }).get(0))).toBe('block')
  })

  test('is refused for a manifest whose core has another name', async () => {
    const store = openStore()
    const manifest = { signers: [{ publicKey: bytes32(1) }] }
    await store.get({ name: 'a', manifest }).ready()
    await expect(store.get({ name: 'b', manifest }).ready()).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
    const core = store.get({ name: 'b' })
    await core.append('block')
    expect(hex(core.key)).not.toBe(hex(Hypercore.key(manifest)))
  })

  test('is refused at once if the manifest is not valid', async () => {
    const { store, goesOn } = await workingStore()
    const manifest = { signers: [{ publicKey: new Uint8Array(31) }] }
    expect(errorOf(() => store.get({ name: 'b', manifest }))).toMatchObject({ code: 'BAD_ARGUMENT' })
    await goesOn()
  })
})

describe('a key with the key pair that alone signs its core', () => {
  const ways: [string, (options: GetOptions) => GetOptions][] = [
    ['as options', (options) => options],
    ['by preload', (options) => ({ preload: async () => options })],
    ['by preload beside the key', ({ key, keyPair }) => ({ key, preload: () => ({ keyPair }) })],
  ]
  const versions = [0, 1, 2].flatMap((version) => ways.map((way) => [version, ...way] as const))

  test.each(versions)(
    'gives a writable core with its manifest, of version %i, %s',
    async (version, _, way) => {
      const place = newPlace()
      const keyPair = crypto.keyPair()
      const key = Hypercore.key(keyPair.publicKey, { version })
      for (const manifestVersion of [1, 2, 0]) {
        const store = openStoreAt(place, { manifestVersion })
        const core = store.get(way({ key, keyPair }))
        await core.ready()
        expect([core.manifest?.version, core.writable]).toEqual([version, true])
        await core.append('block')
        expect(hex(core.key)).toBe(hex(key))
        await store.close()
      }
      const core = openStoreAt(place).get(key)
      expect(text(await core.get(2))).toBe('block')
      expect(core.writable).toBe(true)
    },
  )

  test.each([0, 1, 2])('does so for a core that is open or stored without manifest: %i', async (version) => {
    const store = openStore()
    const keyPair = crypto.keyPair()
    const key = Hypercore.key(keyPair.publicKey, { version })
    const read = store.get(key)
    await read.ready()
    expect(read.manifest).toBe(null)
    const core = store.get({ key, keyPair })
    await core.ready()
    expect([core.manifest?.version, core.writable]).toEqual([version, true])
    await core.append('block')
    expect(text(await read.get(0))).toBe('block')
  })

  test('does so for a key that is the public key, as of Hypercore 10, and its peers can read it', async () => {
    for (const isOpen of [false, true]) {
      const store = openStore()
      const keyPair = crypto.keyPair()
      const key = keyPair.publicKey
      if (isOpen) await store.get(key).ready()
      const core = store.get({ key, keyPair })
      await core.append('block')
      expect([hex(core.key), core.writable, core.manifest?.signers.length]).toEqual([hex(key), true, 1])
      const peer = openStore()
      connect(store, peer)
      expect(text(await peer.get(key).get(0))).toBe('block')
    }
  })

  test('gives no manifest for a key that is that of another core', async () => {
    const core = openStore().get({ key: bytes32(1), keyPair: crypto.keyPair() })
    await core.ready()
    expect([hex(core.key), core.manifest]).toEqual([hex(bytes32(1)), null])
  })
})

test('primaryKey is there at once if it was given as option', async () => {
  const store = openStore({ primaryKey: bytes32(1) })
  expect([hex(store.primaryKey), hex(store.session().primaryKey)]).toEqual(Array(2).fill(hex(bytes32(1))))
  await store.ready()
  expect(hex(store.primaryKey)).toBe(hex(bytes32(1)))
})
