// Keys are Buffers in Node.js, whichever bytes the caller gave: `core.key.toString('hex')` is the key in hex.

import { expect, test } from 'vitest'
import { bytes32 } from '../helpers/bytes.js'
import { openStore } from '../helpers/open-store.js'

const plain = (bytes: Uint8Array) => new Uint8Array(bytes)

/** What of these values is no Buffer. */
function noBuffers(values: Record<string, unknown>): string[] {
  return Object.keys(values).filter((name) => !Buffer.isBuffer(values[name]))
}

test('the keys of a store and its cores are Buffers', async () => {
  const store = openStore({ primaryKey: plain(bytes32(1)), namespace: plain(bytes32(2)) })
  await store.ready()
  const named = store.get({ name: 'a' })
  await named.append('block')
  const { publicKey, secretKey } = await store.createKeyPair('b')
  const byKey = store.get(plain(bytes32(3)))
  const byPair = store.get({ keyPair: { publicKey: plain(publicKey), secretKey: plain(secretKey) } })
  const byManifest = store.get({ manifest: { signers: [{ publicKey: plain(publicKey) }] } })
  const byDiscoveryKey = store.get({ discoveryKey: plain(named.discoveryKey) })
  expect(noBuffers({ key: byKey.key, discoveryKey: byKey.discoveryKey })).toEqual([]) // before it has opened
  for (const core of [named, byKey, byPair, byManifest, byDiscoveryKey, store.get()]) {
    await core.ready()
    expect(noBuffers({ key: core.key, discoveryKey: core.discoveryKey })).toEqual([])
  }
  const auth = await store.getAuth(named.discoveryKey)
  const own = store.session({ primaryKey: plain(bytes32(4)), namespace: plain(bytes32(5)) })
  expect(
    noBuffers({
      primaryKey: store.primaryKey,
      ns: store.ns,
      'primaryKey of a session': own.primaryKey,
      'ns of a session': own.ns,
      'ns of a namespace': store.namespace('c').ns,
      publicKey,
      secretKey,
      'public key of a core': named.keyPair?.publicKey,
      'key of getAuth': auth?.key,
      'discovery key of getAuth': auth?.discoveryKey,
      'key of an open core': store.cores.get(named.discoveryKey)?.key,
      'key of info': (await named.info()).key,
    }),
  ).toEqual([])
})

test('the keys that list and stored give are Buffers', async () => {
  const store = openStore()
  await store.get({ name: 'a' }).append('block')
  const found: Record<string, unknown> = {}
  for await (const discoveryKey of store.list()) found.list = discoveryKey
  for await (const discoveryKey of store.list(store.ns)) found.listed = discoveryKey
  for await (const { key, discoveryKey } of store.stored()) Object.assign(found, { key, discoveryKey })
  expect(Object.keys(found)).toEqual(['list', 'listed', 'key', 'discoveryKey'])
  expect(noBuffers(found)).toEqual([])
})
