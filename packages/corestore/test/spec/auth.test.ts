// `getAuth`: who a stored core is.

import { expect, test } from 'vitest'
import { bytes32, hex } from '../helpers/bytes.js'
import { keysOf, openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { connect, reads } from '../helpers/streams.js'

test('getAuth gives the key, the manifest and the key pair of a core that this store writes', async () => {
  const store = openStore()
  const core = store.get({ name: 'a' })
  await core.append('block')
  const { key, discoveryKey } = keysOf(core)
  const auth = await store.getAuth(discoveryKey)
  expect(hex(auth?.key ?? null)).toBe(hex(key))
  expect(hex(auth?.discoveryKey ?? null)).toBe(hex(discoveryKey))
  const { publicKey, secretKey } = await store.createKeyPair('a')
  expect(hex(auth?.keyPair?.publicKey ?? null)).toBe(hex(publicKey))
  expect(hex(auth?.keyPair?.secretKey ?? null)).toBe(hex(secretKey))
  expect(auth?.manifest?.signers.map((signer) => hex(signer.publicKey))).toEqual([hex(publicKey)])
  expect(auth?.manifest?.version).toBe(1)
})

test('getAuth gives the manifest of a copy once a peer has told it, and no key pair', async () => {
  const writer = openStore()
  const written = writer.get({ name: 'a' })
  await written.append('block')
  const { key, discoveryKey } = keysOf(written)
  const reader = openStore()
  const copy = reader.get(key)
  await copy.ready()
  expect(await reader.getAuth(discoveryKey)).toMatchObject({ manifest: null, keyPair: null })
  connect(writer, reader)
  await reads(copy, 'block')
  const auth = await reader.getAuth(discoveryKey)
  expect(hex(auth?.key ?? null)).toBe(hex(key))
  expect(auth?.keyPair).toBe(null)
  expect(auth?.manifest?.signers).toHaveLength(1)
})

test('getAuth gives null for a core that is not stored', async () => {
  expect(await openStore().getAuth(bytes32(1))).toBe(null)
})

test('getAuth opens nothing, and needs no core to be open', async () => {
  const place = newPlace()
  const store = openStoreAt(place)
  const core = store.get({ name: 'a' })
  await core.ready()
  const before = await store.getAuth(keysOf(core).discoveryKey)
  await store.close()
  const again = openStoreAt(place)
  const session = again.session({ readOnly: true })
  for (const each of [again, session]) {
    expect(await each.getAuth(keysOf(core).discoveryKey)).toEqual(before)
  }
  expect(again.cores.size).toBe(0)
})

test('getAuth takes bytes, hex and z32', async () => {
  const store = openStore()
  const core = store.get({ name: 'a' })
  await core.ready()
  const { default: id } = await import('hypercore-id-encoding')
  const { discoveryKey } = keysOf(core)
  const expected = await store.getAuth(discoveryKey)
  expect(expected).not.toBe(null)
  for (const form of [hex(discoveryKey), id.encode(Buffer.from(discoveryKey))]) {
    expect(await store.getAuth(form)).toEqual(expected)
  }
})

test('getAuth refuses what is no discovery key', async () => {
  const store = openStore()
  for (const wrong of [new Uint8Array(31), 'short', 5 as never, null as never]) {
    await expect(store.getAuth(wrong)).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('discoveryKey must be 32 bytes'),
    })
  }
})
