import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Corestore6 from 'corestore-6'
import Corestore7 from 'corestore-7'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Keychain, type KeyPair } from '../src/index.js'
import { hex } from './bytes.js'

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.uint8Array({ maxLength: 80 }))
const namespaceKey = fc.uint8Array({ minLength: 32, maxLength: 32 })

agreesWith(
  'Corestore 6',
  (directory, primaryKey) => new Corestore6(directory, { primaryKey }),
  (store) => store._namespace,
)
agreesWith(
  'Corestore 7',
  (directory, primaryKey) => new Corestore7(directory, { primaryKey, unsafe: true }),
  (store) => store.ns,
)

function agreesWith<Store extends ComparedStore>(
  generation: string,
  open: (directory: string, primaryKey: Uint8Array) => Store,
  namespaceKeyOf: (store: Store) => Uint8Array,
) {
  describe(`on random input, a store of ${generation}`, () => {
    const stores: { primaryKey: Uint8Array; directory: string; store: Store }[] = []

    beforeAll(async () => {
      for (const primaryKey of [randomBytes(32), randomBytes(32)]) {
        const directory = await mkdtemp(join(tmpdir(), 'keychain-agreement-'))
        const store = open(directory, primaryKey)
        stores.push({ primaryKey, directory, store })
        await store.ready()
      }
    })

    afterAll(async () => {
      for (const { store, directory } of stores) {
        await store.close()
        await rm(directory, { recursive: true })
      }
    })

    test('has the same namespaces, and in them the same key pairs for names', async () => {
      for (const { primaryKey, store } of stores) {
        const root = Keychain.from(primaryKey)
        await fc.assert(
          fc.asyncProperty(fc.array(text, { maxLength: 3 }), text, async (namespaces, name) => {
            const ours = namespaces.reduce<Keychain>((parent, child) => parent.namespace(child), root)
            const theirs = namespaces.reduce<Store>((parent, child) => parent.namespace(child), store)
            expect(hex(ours.namespaceKey)).toBe(hex(namespaceKeyOf(theirs)))
            expectSameKeyPair(ours.keyPair(name), await theirs.createKeyPair(name))
          }),
          { numRuns: 200 },
        )
      }
    })

    test('has the same key pairs for names in a namespace given by its 32 bytes', async () => {
      for (const { primaryKey, store } of stores) {
        const root = Keychain.from(primaryKey)
        await fc.assert(
          fc.asyncProperty(namespaceKey, text, async (namespace, name) => {
            expectSameKeyPair(root.at(namespace).keyPair(name), await store.createKeyPair(name, namespace))
          }),
          { numRuns: 200 },
        )
      }
    })
  })
}

function expectSameKeyPair(ours: KeyPair, theirs: Record<keyof KeyPair, Uint8Array>) {
  expect(hex(ours.publicKey)).toBe(hex(theirs.publicKey))
  expect(hex(ours.secretKey)).toBe(hex(theirs.secretKey))
}
