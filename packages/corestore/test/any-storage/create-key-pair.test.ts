// `createKeyPair`: the key pair that a name derives, as in Corestore 6 and 7. That the bytes are the same is in vectors.test.ts.

import { expect, test } from 'vitest'
import { bytes32, hex, utf8 } from '../helpers/bytes.js'
import { openStore } from '../helpers/open-store.js'

test('createKeyPair derives the key pair of a name in the namespace of the store', async () => {
  const store = openStore().namespace('a')
  const core = store.get({ name: 'name' })
  await core.ready()
  const keyPair = await store.createKeyPair('name')
  expect(keyPair.publicKey).toHaveLength(32)
  expect(keyPair.secretKey).toHaveLength(64)
  expect(hex(core.keyPair?.publicKey ?? null)).toBe(hex(keyPair.publicKey))
  expect(hex((await store.createKeyPair(utf8('name'))).publicKey)).toBe(hex(keyPair.publicKey))
})

test('createKeyPair takes another namespace: 32 bytes', async () => {
  const store = openStore()
  const namespace = store.namespace('a')
  const there = await namespace.createKeyPair('name')
  expect(hex((await store.createKeyPair('name', namespace.ns)).publicKey)).toBe(hex(there.publicKey))
  expect(hex((await store.createKeyPair('name', bytes32(1))).publicKey)).not.toBe(hex(there.publicKey))
})

test('createKeyPair rejects a namespace that is not 32 bytes, and a name that is neither string nor bytes', async () => {
  const store = openStore()
  await expect(store.createKeyPair('name', new Uint8Array(31))).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
    message: expect.stringContaining('namespace must be 32 bytes, not 31 bytes'),
  })
  await expect(store.createKeyPair(1 as never)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
  expect((await store.createKeyPair('name')).publicKey).toHaveLength(32)
})

test('createKeyPair opens no core', async () => {
  const store = openStore()
  await store.createKeyPair('name')
  expect(store.cores.size).toBe(0)
})
