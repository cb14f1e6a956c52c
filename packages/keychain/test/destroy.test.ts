// Wiping. The buffers that hold secrets are private, so these tests take hold of them where they are handed to
// sodium: the functions are spied on and run as they are.
import sodium from 'sodium-universal'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { Keychain, KeychainError } from '../src/index.js'
import { hex } from './bytes.js'

afterEach(() => {
  vi.restoreAllMocks()
})

const zeroes = (length: number) => '00'.repeat(length)

describe('after destroy', () => {
  const uses: [string, (keychain: Keychain) => unknown][] = [
    ['namespace', (keychain) => keychain.namespace('app')],
    ['at', (keychain) => keychain.at(new Uint8Array(32))],
    ['keyPair', (keychain) => keychain.keyPair('main')],
    ['sign', (keychain) => keychain.sign('main', 'message')],
    ['fingerprint', (keychain) => keychain.fingerprint()],
    ['exportPrimaryKey', (keychain) => keychain.exportPrimaryKey()],
  ]

  test.each(uses)('%s throws, on every keychain that shares the secret', (_, use) => {
    const root = Keychain.generate()
    const child = root.namespace('app')
    const sharing = [root, child, child.namespace('deeper'), child.at(new Uint8Array(32))]
    for (const keychain of sharing) expect(() => use(keychain)).not.toThrow()

    child.destroy()

    for (const keychain of sharing) {
      expect(keychain.destroyed).toBe(true)
      expect(() => use(keychain)).toThrow(KeychainError)
      expect(() => use(keychain)).toThrow(expect.objectContaining({ code: 'KEYCHAIN_DESTROYED' }))
    }
  })

  test('other keychains of the same primary key go on working', () => {
    const primaryKey = new Uint8Array(32).fill(7)
    const [one, other] = [Keychain.from(primaryKey), Keychain.from(primaryKey)]
    const { publicKey } = one.keyPair('main')
    one.destroy()
    expect(other.destroyed).toBe(false)
    expect(other.keyPair('main').publicKey).toEqual(publicKey)
    expect(primaryKey).toEqual(new Uint8Array(32).fill(7))
  })

  test('key pairs that were given out stay, and the namespace can still be told', () => {
    const keychain = Keychain.generate().namespace('app')
    const keyPair = keychain.keyPair('main')
    const [secretKey, namespaceKey] = [hex(keyPair.secretKey), hex(keychain.namespaceKey)]
    keychain.destroy()
    expect(hex(keyPair.secretKey)).toBe(secretKey)
    expect(hex(keychain.namespaceKey)).toBe(namespaceKey)
  })

  test('destroying again changes nothing', () => {
    const keychain = Keychain.generate()
    keychain.destroy()
    expect(() => keychain.destroy()).not.toThrow()
    expect(keychain.destroyed).toBe(true)
  })
})

describe('memory', () => {
  test.each([
    ['copied', () => Keychain.from(new Uint8Array(32).fill(7))],
    ['generated', () => Keychain.generate()],
  ])('a %s primary key is zeroes after destroy', (_, make) => {
    const hash = vi.spyOn(sodium, 'crypto_generichash_batch')
    const keychain = make()
    keychain.keyPair('main')
    const held = hash.mock.lastCall?.[2] ?? expect.fail('no key was handed to sodium')
    expect(hex(held)).toBe(hex(keychain.exportPrimaryKey()))

    keychain.destroy()
    expect(hex(held)).toBe(zeroes(32))
  })

  test('the seed of a key pair is zeroes once the key pair is made', () => {
    const derive = vi.spyOn(sodium, 'crypto_sign_seed_keypair')
    const seed = Keychain.generate().keyPair('main').secretKey.subarray(0, 32)
    const held = derive.mock.lastCall?.[2] ?? expect.fail('no seed was handed to sodium')
    expect(hex(seed)).not.toBe(zeroes(32))
    expect(hex(held)).toBe(zeroes(32))
  })

  test('the secret key of a signature is zeroes once the signature is made', () => {
    const sign = vi.spyOn(sodium, 'crypto_sign_detached')
    const signature = Keychain.generate().sign('main', 'message')
    const held = sign.mock.lastCall?.[2] ?? expect.fail('no secret key was handed to sodium')
    expect(hex(signature)).not.toBe(zeroes(64))
    expect(hex(held)).toBe(zeroes(64))
  })

  test('a public key shares no memory with its secret key', () => {
    const { publicKey, secretKey } = Keychain.generate().keyPair('main')
    expect(publicKey.buffer.byteLength).toBe(32)
    expect(secretKey.buffer.byteLength).toBe(64)
  })
})
