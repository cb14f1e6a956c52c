// `get` by key and by discovery key.

import type { Hypercore } from '@coreyard/hypercore-types'
import crypto from 'hypercore-crypto'
import id from 'hypercore-id-encoding'
import { describe, expect, test } from 'vitest'
import type { CoreKey } from '../../src/index.js'
import { bytes32, hex, text } from '../helpers/bytes.js'
import { keysOf, openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace, type Place } from '../helpers/places.js'
import { connect, reads } from '../helpers/streams.js'

const forms: [string, (key: Uint8Array) => CoreKey][] = [
  ['bytes', (key) => key],
  ['hex', hex],
  ['z32', (key) => id.encode(key)],
]

describe('get by key', () => {
  test.each(forms)('takes the key as %s, alone or among options', async (_, form) => {
    const store = openStore()
    const written = store.get({ name: 'a' })
    await written.append('block')
    const { key } = keysOf(written)
    expect(text(await store.get(form(key)).get(0))).toBe('block')
    expect(text(await store.get({ key: form(key) }).get(0))).toBe('block')
  })

  test.each(forms)('gives a session at once, that has its key at once: as %s', (_, form) => {
    const core = openStore().get(form(bytes32(1)))
    expect(hex(core.key)).toBe(hex(bytes32(1)))
    expect(core.id).toBe(id.encode(bytes32(1)))
    expect(core.discoveryKey).toHaveLength(32)
  })

  test('gives an empty core that cannot be written, if it is not stored', async () => {
    const core = openStore().get(bytes32(1))
    await core.ready()
    expect(core.length).toBe(0)
    expect(core.writable).toBe(false)
    await expect(core.append('block')).rejects.toMatchObject({ code: 'SESSION_NOT_WRITABLE' })
  })

  test('gives a writable core, if it is stored as one', async () => {
    const place = newPlace()
    const { key } = await write(place)
    const core = openStoreAt(place).get(key)
    await core.append('more')
    expect(text(await core.get(0))).toBe('block')
    expect(core.length).toBe(2)
  })

  test('gives a writable core with its key pair beside it', async () => {
    const writer = openStore()
    const keyPair = await writer.createKeyPair('a')
    const written = writer.get({ name: 'a' })
    await written.ready()
    const core = openStore().get({ key: keysOf(written).key, keyPair, manifest: written.manifest })
    await core.append('block')
    expect(core.length).toBe(1)
  })
})

describe('get by key with a key pair that does not sign for it', () => {
  test('gives a core that cannot be written, also once its manifest and blocks are there', async () => {
    const writer = openStore()
    const written = writer.get({ name: 'a' })
    await written.append('block')
    const { key } = keysOf(written)
    const place = newPlace()
    const store = openStoreAt(place)
    const core = store.get({ key, keyPair: crypto.keyPair() })
    await expectNotWritable(core)
    connect(writer, store)
    await reads(core, 'block')
    await expectNotWritable(core)
    await store.close()

    const again = openStoreAt(place)
    await expectNotWritable(again.get(key))
    await expectNotWritable(again.get({ key, keyPair: crypto.keyPair() }))
    const { discoveryKey } = keysOf(written)
    await expectNotWritable(again.get({ discoveryKey, keyPair: crypto.keyPair() }))
    const own = again.get({ key, keyPair: await writer.createKeyPair('a') })
    await own.ready()
    expect(own.writable).toBe(true)
  })

  test('gives a core that can be written by one of several signers, once its manifest is stored', async () => {
    const [first, second] = [crypto.keyPair(), crypto.keyPair()]
    const manifest = { quorum: 1, signers: [first, second].map(({ publicKey }) => ({ publicKey })) }
    const place = newPlace()
    const store = openStoreAt(place)
    const made = store.get({ manifest, keyPair: first })
    await made.append('first')
    const { key } = keysOf(made)
    await store.close()

    const core = openStoreAt(place).get({ key, keyPair: second })
    await core.append('second')
    expect(core.length).toBe(2)
  })
})

async function expectNotWritable(core: Hypercore): Promise<void> {
  await core.ready()
  expect(core.writable).toBe(false)
  await expect(core.append('more')).rejects.toMatchObject({ code: 'SESSION_NOT_WRITABLE' })
}

describe('get by discovery key', () => {
  test.each(forms)('finds a core that is stored: as %s', async (_, form) => {
    const place = newPlace()
    const { key, discoveryKey } = await write(place)
    const core = openStoreAt(place).get({ discoveryKey: form(discoveryKey) })
    expect(text(await core.get(0))).toBe('block')
    expect(hex(core.key)).toBe(hex(key))
    await core.append('more')
    expect(core.length).toBe(2)
  })

  test('finds a core that is open', async () => {
    const store = openStore()
    const written = store.get()
    await written.append('block')
    const core = store.get({ discoveryKey: keysOf(written).discoveryKey })
    expect(text(await core.get(0))).toBe('block')
  })

  test('fails for a core that is not stored', async () => {
    const core = openStore().get({ discoveryKey: bytes32(1) })
    await expect(core.ready()).rejects.toMatchObject({ code: 'STORAGE_EMPTY' })
  })
})

/** Stores a core of one block in that place. */
async function write(place: Place): Promise<{ key: Uint8Array; discoveryKey: Uint8Array }> {
  const store = openStoreAt(place)
  const core = store.get({ name: 'a' })
  await core.append('block')
  await store.close()
  return keysOf(core)
}
