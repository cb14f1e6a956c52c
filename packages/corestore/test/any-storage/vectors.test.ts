// The keys of named cores, against what Corestore 6 and 7 derive: the vectors of the keychain package.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { hex } from '../helpers/bytes.js'
import { openStore } from '../helpers/open-store.js'

type Text = { utf8: string } | { hex: string }

interface Vector {
  primaryKey: string
  namespaces: Text[]
  namespaceKey: string
  name: Text
  publicKey: string
  secretKey: string
  coreKey: string
  discoveryKey: string
}

const file = new URL('../../../keychain/test/vectors/keychain.json', import.meta.url)
const vectors: Vector[] = JSON.parse(readFileSync(file, 'utf8'))
const titled = vectors.map((vector) => {
  const path = [...vector.namespaces, vector.name].map((text) => JSON.stringify(text).slice(0, 40))
  return [`${vector.primaryKey.slice(0, 8)}… ${path.join(' ')}`, vector] as const
})

test.each(titled)('keys agree with Corestore 6 and 7: %s', async (_, vector) => {
  const root = openStore({ primaryKey: Buffer.from(vector.primaryKey, 'hex') })
  const store = vector.namespaces.reduce<Corestore>((at, name) => at.namespace(read(name)), root)
  expect(hex(store.ns)).toBe(vector.namespaceKey)

  const name = read(vector.name)
  const keyPair = await store.createKeyPair(name)
  expect(hex(keyPair.publicKey)).toBe(vector.publicKey)
  expect(hex(keyPair.secretKey)).toBe(vector.secretKey)

  // An empty name derives a key pair, but names no core.
  const core = store.get(name.length > 0 ? { name } : { keyPair })
  await core.ready()
  expect(hex(core.key)).toBe(vector.coreKey)
  expect(hex(core.discoveryKey)).toBe(vector.discoveryKey)
})

function read(text: Text): string | Uint8Array {
  return 'utf8' in text ? text.utf8 : Uint8Array.from(Buffer.from(text.hex, 'hex'))
}
