// No secret is ever in a picture: the primary key, the secret keys of cores, the keys of encryption and of a session of its own.

import SecretStream from '@hyperswarm/secret-stream'
import { expect, test } from 'vitest'
import { inspect, watch } from '../src/index.js'
import { connect, hex, keyOf, openStore, seen, write } from './stores.js'

test('no secret is in any picture of a store that has all kinds of them', async () => {
  const primaryKey = Buffer.alloc(32, 0x51)
  const ownKey = Buffer.alloc(32, 0x52)
  const encryptionKey = Buffer.alloc(32, 0x53)
  const keyPair = SecretStream.keyPair()
  const store = openStore({ primaryKey })
  const named = await write(store, 'named')
  await store.get({ keyPair }).append('block')
  await store.get({ name: 'hidden', encryption: { key: encryptionKey } }).append('block')
  await store.session({ primaryKey: ownKey }).get({ name: 'own' }).append('block')
  const derived = await store.createKeyPair('named')

  const reader = openStore()
  const copy = reader.get({ key: keyOf(named) })
  const noise = SecretStream.keyPair()
  connect(store, reader, noise)
  await copy.get(0)
  await seen(store, ({ picture }) => picture.peers[0]?.cores[0]?.state === 'attached')

  const pictures = [await inspect(store, { stored: true }), await inspect(reader)]
  for await (const observation of watch(store, { interval: 10 })) {
    pictures.push(observation.picture)
    break
  }
  const shown = JSON.stringify(pictures)
  expect(shown).toContain(hex(named.key))
  const secrets = [primaryKey, ownKey, encryptionKey, keyPair.secretKey, derived.secretKey, noise.secretKey]
  for (const secret of secrets) {
    expect(secret.byteLength).toBeGreaterThanOrEqual(32)
    for (const encoding of ['hex', 'base64', 'latin1'] as const) {
      // The second half of a secret key is the public key.
      expect(shown).not.toContain(Buffer.from(secret).subarray(0, 32).toString(encoding))
    }
    expect(shown).not.toContain(JSON.stringify([...secret.subarray(0, 32)]).slice(1, -1))
  }
})
