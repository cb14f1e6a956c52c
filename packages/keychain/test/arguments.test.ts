import { describe, expect, test } from 'vitest'
import { childNamespace, Keychain, KeychainError } from '../src/index.js'

// JavaScript callers can pass anything: `as never` lets these tests do so too.
const primaryKey = new Uint8Array(32).fill(7)
const keychain = Keychain.from(primaryKey)

function expectBadArgument(act: () => unknown, message: string) {
  expect(act).toThrow(KeychainError)
  expect(act).toThrow(expect.objectContaining({ name: 'KeychainError', code: 'BAD_ARGUMENT', message }))
}

describe('a primary key', () => {
  test.each([
    ['undefined', undefined],
    ['null', null],
    ['0 bytes', new Uint8Array(0)],
    ['31 bytes', new Uint8Array(31)],
    ['33 bytes', new Uint8Array(33)],
    ['a string of 64 characters', '07'.repeat(32)],
    ['an array', Array.from(primaryKey)],
    ['bytes that are no Uint8Array', new ArrayBuffer(32)],
    ['bytes that are no Uint8Array', new Uint16Array(32)],
    ['an object', Keychain.generate()],
    ['a bigint', 7n],
  ])('that is %s is refused', (got, value) => {
    const message = `A primary key must be a Uint8Array of 32 bytes, not ${got}`
    expectBadArgument(() => Keychain.from(value as never), message)
  })
})

describe('text with half of a surrogate pair', () => {
  test('is refused as a name, a namespace and a message: UTF-8 would make another text of it', () => {
    const right =
      'must be text that UTF-8 can hold, without half of a surrogate pair, not a string of 2 characters'
    for (const half of ['a\ud800', '\udc00a']) {
      expectBadArgument(() => keychain.keyPair(half), `A name ${right}`)
      expectBadArgument(() => keychain.sign(half, ''), `A name ${right}`)
      expectBadArgument(() => keychain.namespace(half), `A namespace ${right}`)
      expectBadArgument(() => childNamespace(keychain.namespaceKey, half), `A namespace ${right}`)
      expectBadArgument(() => keychain.sign('a', half), `A message ${right}`)
    }
    expect(keychain.keyPair('😀').publicKey).toHaveLength(32)
  })
})

describe('a namespace key', () => {
  test.each([
    ['null', null],
    ['31 bytes', new Uint8Array(31)],
    ['a string of 32 characters', '0'.repeat(32)],
  ])('that is %s is refused', (got, value) => {
    const message = `A namespace key must be a Uint8Array of 32 bytes, not ${got}`
    expectBadArgument(() => Keychain.from(primaryKey, { namespace: value as never }), message)
    expectBadArgument(() => keychain.at(value as never), message)
  })

  test('in place of the options is refused, instead of being overlooked', () => {
    const message = 'options must be an object, not'
    expectBadArgument(() => Keychain.from(primaryKey, new Uint8Array(32) as never), `${message} 32 bytes`)
    expectBadArgument(() => Keychain.from(primaryKey, Array.from(primaryKey) as never), `${message} an array`)
    for (const bytes of [new ArrayBuffer(32), new SharedArrayBuffer(32), new Uint16Array(16)]) {
      expectBadArgument(
        () => Keychain.from(primaryKey, bytes as never),
        `${message} bytes that are no Uint8Array`,
      )
    }
    expectBadArgument(() => Keychain.from(primaryKey, null as never), `${message} null`)
    expectBadArgument(() => Keychain.from(primaryKey, 'app' as never), `${message} a string of 3 characters`)
  })
})

describe('names, namespaces and messages', () => {
  test.each([
    ['undefined', undefined],
    ['null', null],
    ['a number', 7],
    ['an array', ['a']],
    ['an object', {}],
    ['bytes that are no Uint8Array', new Float64Array(4)],
  ])('that are %s are refused', (got, value) => {
    const bad = value as never
    const rule = `must be a string or a Uint8Array, not ${got}`
    expectBadArgument(() => keychain.keyPair(bad), `A name ${rule}`)
    expectBadArgument(() => keychain.sign(bad, 'message'), `A name ${rule}`)
    expectBadArgument(() => keychain.sign('name', bad), `A message ${rule}`)
    expectBadArgument(() => keychain.namespace(bad), `A namespace ${rule}`)
  })

  test('may be empty', () => {
    const empty = keychain.namespace('')
    expect(empty.keyPair('').publicKey).toEqual(empty.keyPair(new Uint8Array(0)).publicKey)
    expect(empty.sign('', '')).toEqual(empty.sign(new Uint8Array(0), new Uint8Array(0)))
  })
})

test('the constructor points to the two ways to make a keychain', () => {
  const Constructor = Keychain as unknown as new (primaryKey: Uint8Array) => Keychain
  const message = 'A keychain must be made by Keychain.from(primaryKey) or Keychain.generate(), not 32 bytes'
  expectBadArgument(() => new Constructor(primaryKey), message)
})
