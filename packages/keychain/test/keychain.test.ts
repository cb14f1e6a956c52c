import fc from 'fast-check'
import crypto from 'hypercore-crypto'
import sodium from 'sodium-universal'
import { describe, expect, test } from 'vitest'
import { childNamespace, Keychain } from '../src/index.js'
import { hex, toBytes } from './bytes.js'

type Text = string | Uint8Array

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.uint8Array({ maxLength: 40 }))
const path = fc.record({ namespaces: fc.array(text, { maxLength: 3 }), name: text })
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })

const enter = (root: Keychain, namespaces: Text[]) =>
  namespaces.reduce<Keychain>((keychain, name) => keychain.namespace(name), root)

/** hypercore-crypto's own idea of the constants that derivation.ts writes out. */
function domain(label: string): Uint8Array {
  return crypto.namespace(label, 1)[0] ?? expect.fail('hypercore-crypto gave no namespace')
}

/** BLAKE2b-256 of the parts, keyed with the primary key: what seeds and fingerprints are. */
function keyedHash(keychain: Keychain, parts: Uint8Array[]): string {
  const out = Buffer.alloc(32)
  sodium.crypto_generichash_batch(out, parts, keychain.exportPrimaryKey())
  return hex(out)
}

describe('deriving', () => {
  test('names a child namespace without a keychain as with one', () => {
    const keychain = Keychain.generate()
    fc.assert(
      fc.property(bytes32, text, (namespace, name) => {
        const child = keychain.at(namespace).namespace(name).namespaceKey
        expect(hex(childNamespace(namespace, name))).toBe(hex(child))
      }),
    )
    expect(() => childNamespace(Buffer.alloc(31), 'app')).toThrow(
      /A namespace key must be a Uint8Array of 32 bytes/,
    )
  })

  test('gives buffers of the documented sizes', () => {
    const keychain = Keychain.generate()
    const { publicKey, secretKey } = keychain.keyPair('main')
    expect(publicKey.byteLength).toBe(32)
    expect(secretKey.byteLength).toBe(64)
    expect(keychain.sign('main', 'message').byteLength).toBe(64)
    expect(keychain.namespaceKey.byteLength).toBe(32)
    expect(keychain.fingerprint().byteLength).toBe(32)
    expect(keychain.exportPrimaryKey().byteLength).toBe(32)
  })

  test('gives equal keys exactly where primary key, namespaces and name are equal byte for byte', () => {
    // Few and short, so that equal and confusable ones come up.
    const primaryKey = fc.constantFrom(new Uint8Array(32).fill(1), new Uint8Array(32).fill(2))
    const short = fc.oneof(fc.constantFrom('', 'a', 'ab'), fc.constantFrom('', 'a', 'ab').map(toBytes))
    const place = fc.record({ primaryKey, namespaces: fc.array(short, { maxLength: 2 }), name: short })
    type Place = { primaryKey: Uint8Array; namespaces: Text[]; name: Text }

    const spell = ({ primaryKey, namespaces, name }: Place) =>
      [primaryKey, ...namespaces, name].map((part) => hex(part)).join('/')
    const derive = ({ primaryKey, namespaces, name }: Place) =>
      hex(enter(Keychain.from(primaryKey), namespaces).keyPair(name).secretKey)

    fc.assert(
      fc.property(place, place, (a, b) => {
        expect(derive(a) === derive(b)).toBe(spell(a) === spell(b))
      }),
      { numRuns: 1000 },
    )
  })

  test('tells a name from a namespace, and one namespace from two that spell the same', () => {
    const root = Keychain.generate()
    const publicKeys = [
      root.keyPair('ab'),
      root.namespace('ab').keyPair(''),
      root.namespace('a').keyPair('b'),
      root.namespace('a').namespace('b').keyPair(''),
      root.namespace('').keyPair('ab'),
    ].map(({ publicKey }) => hex(publicKey))
    expect(new Set(publicKeys).size).toBe(publicKeys.length)
  })

  test('is untouched by what callers later do to the buffers that they passed in or got', () => {
    const primaryKey = crypto.randomBytes(32)
    const namespace = crypto.randomBytes(32)
    const keychain = Keychain.from(primaryKey, { namespace })
    const moved = Keychain.from(primaryKey).at(namespace)
    const before = hex(keychain.keyPair('main').publicKey)

    for (const bytes of [primaryKey, namespace, keychain.namespaceKey, keychain.exportPrimaryKey()])
      bytes.fill(1)
    keychain.keyPair('main').secretKey.fill(1)

    expect(hex(keychain.keyPair('main').publicKey)).toBe(before)
    expect(hex(moved.keyPair('main').publicKey)).toBe(before)
  })

  test('starts every generated keychain from another primary key', () => {
    expect(hex(Keychain.generate().exportPrimaryKey())).not.toBe(hex(Keychain.generate().exportPrimaryKey()))
  })

  test('gives the same keys after the primary key was exported and taken up again', () => {
    const keychain = Keychain.generate()
    const again = Keychain.from(keychain.exportPrimaryKey())
    expect(hex(again.keyPair('main').secretKey)).toBe(hex(keychain.keyPair('main').secretKey))
  })
})

describe('namespaces', () => {
  test('start at 32 zero bytes', () => {
    expect(hex(Keychain.generate().namespaceKey)).toBe('00'.repeat(32))
  })

  test('can be entered by name or by their 32 bytes, from anywhere', () => {
    const root = Keychain.generate()
    fc.assert(
      fc.property(path, path, (here, there) => {
        const chained = enter(root, there.namespaces)
        const moved = enter(root, here.namespaces).at(chained.namespaceKey)
        expect(hex(moved.namespaceKey)).toBe(hex(chained.namespaceKey))
        expect(hex(moved.keyPair(there.name).publicKey)).toBe(hex(chained.keyPair(there.name).publicKey))
      }),
    )
  })
})

describe('signing', () => {
  test('verifies under the key pair of the same name and namespace, for that message only', () => {
    const keychain = Keychain.generate()
    fc.assert(
      fc.property(text, text, text, (name, message, other) => {
        const signature = keychain.sign(name, message)
        const { publicKey } = keychain.keyPair(name)
        const elsewhere = keychain.namespace('elsewhere').keyPair(name)
        expect(crypto.verify(toBytes(message), signature, publicKey)).toBe(true)
        expect(crypto.verify(toBytes(message), signature, elsewhere.publicKey)).toBe(false)
        expect(crypto.verify(toBytes(other), signature, publicKey)).toBe(hex(message) === hex(other))
      }),
    )
  })

  test('gives the signature that the secret key of that name gives', () => {
    const keychain = Keychain.generate()
    const message = Buffer.from('message')
    const expected = crypto.sign(message, keychain.keyPair('main').secretKey)
    expect(hex(keychain.sign('main', message))).toBe(hex(expected))
  })
})

describe('a fingerprint', () => {
  test('is stable, and another one for another primary key or namespace', () => {
    fc.assert(
      fc.property(bytes32, bytes32, path, (primaryKey, namespace, { namespaces }) => {
        const keychain = Keychain.from(primaryKey, { namespace })
        const fingerprint = hex(keychain.fingerprint())
        expect(hex(Keychain.from(primaryKey).at(namespace).fingerprint())).toBe(fingerprint)

        const others = [Keychain.generate().at(namespace), enter(keychain.namespace('child'), namespaces)]
        for (const other of others) expect(hex(other.fingerprint())).not.toBe(fingerprint)
      }),
    )
  })

  test('is the keyed hash that its documentation says, in a domain apart from that of key pairs', () => {
    const keychain = Keychain.generate().namespace('app')
    expect(hex(keychain.fingerprint())).toBe(
      keyedHash(keychain, [domain('coreyard/keychain'), keychain.namespaceKey]),
    )
    expect(hex(keychain.fingerprint())).not.toBe(
      keyedHash(keychain, [domain('corestore'), keychain.namespaceKey]),
    )
  })

  test('never changes from one release to the next, since it is kept on disk', () => {
    const keychain = Keychain.from(new Uint8Array(32).fill(1)).namespace('app')
    expect(hex(keychain.fingerprint())).toBe(
      'bf1f3d0e794d5d02053b572139419a79056e241c1295d3fda3f91bbd5f4d621f',
    )
  })
})

test('a seed is the keyed hash of hypercore-crypto\'s namespace "corestore", the namespace and the name', () => {
  const keychain = Keychain.generate().namespace('app')
  const seed = keyedHash(keychain, [domain('corestore'), keychain.namespaceKey, Buffer.from('main')])
  expect(hex(keychain.keyPair('main').secretKey.subarray(0, 32))).toBe(seed)
})
