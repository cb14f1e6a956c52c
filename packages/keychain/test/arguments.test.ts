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
    ['a Uint8Array of length 0', new Uint8Array(0)],
    ['a Uint8Array of length 31', new Uint8Array(31)],
    ['a Uint8Array of length 33', new Uint8Array(33)],
    ['a string of length 64', '07'.repeat(32)],
    ['an array of length 32', Array.from(primaryKey)],
    ['a value of type object', new ArrayBuffer(32)],
    ['a value of type object', new Uint16Array(32)],
    ['a value of type object', Keychain.generate()],
    ['a value of type bigint', 7n],
  ])('that is %s is refused', (got, value) => {
    const message = `A primary key must be a Uint8Array of 32 bytes, got ${got}`
    expectBadArgument(() => Keychain.from(value as never), message)
  })
})

describe('text with half of a surrogate pair', () => {
  test('is refused as a name, a namespace and a message: UTF-8 would make another text of it', () => {
    const right =
      'must be text that UTF-8 can hold, without half of a surrogate pair, got a string of length 2'
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
    ['a Uint8Array of length 31', new Uint8Array(31)],
    ['a string of length 32', '0'.repeat(32)],
  ])('that is %s is refused', (got, value) => {
    const message = `A namespace key must be a Uint8Array of 32 bytes, got ${got}`
    expectBadArgument(() => Keychain.from(primaryKey, { namespace: value as never }), message)
    expectBadArgument(() => keychain.at(value as never), message)
  })

  test('in place of the options is refused, instead of being overlooked', () => {
    const message = 'Options must be an object such as { namespace }, got'
    expectBadArgument(
      () => Keychain.from(primaryKey, new Uint8Array(32) as never),
      `${message} a Uint8Array of length 32`,
    )
    expectBadArgument(
      () => Keychain.from(primaryKey, Array.from(primaryKey) as never),
      `${message} an array of length 32`,
    )
    for (const bytes of [new ArrayBuffer(32), new SharedArrayBuffer(32), new Uint16Array(16)]) {
      expectBadArgument(() => Keychain.from(primaryKey, bytes as never), `${message} a value of type object`)
    }
    expectBadArgument(() => Keychain.from(primaryKey, null as never), `${message} null`)
    expectBadArgument(() => Keychain.from(primaryKey, 'app' as never), `${message} a string of length 3`)
  })
})

describe('names, namespaces and messages', () => {
  test.each([
    ['undefined', undefined],
    ['null', null],
    ['a value of type number', 7],
    ['an array of length 1', ['a']],
    ['a value of type object', {}],
    ['a value of type object', new Float64Array(4)],
  ])('that are %s are refused', (got, value) => {
    const bad = value as never
    const rule = `must be a string or a Uint8Array, got ${got}`
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
  const message =
    'Make a keychain with Keychain.from(primaryKey) or Keychain.generate(), got a Uint8Array of length 32'
  expectBadArgument(() => new Constructor(primaryKey), message)
})
