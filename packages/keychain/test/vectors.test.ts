import { describe, expect, test } from 'vitest'
import { Keychain } from '../src/index.js'
import { toBytes } from './bytes.js'
import { vectors } from './vectors.js'

test('there are vectors with an empty name, a name of bytes and a namespace of bytes', () => {
  expect(vectors.length).toBe(14)
  expect(vectors.some(({ name }) => name === '')).toBe(true)
  expect(vectors.some(({ name }) => typeof name !== 'string')).toBe(true)
  expect(vectors.some(({ namespaces }) => namespaces.some((name) => typeof name !== 'string'))).toBe(true)
})

describe.each(vectors)('the vector $title', (vector) => {
  const root = Keychain.from(vector.primaryKey)
  const chained = vector.namespaces.reduce<Keychain>((keychain, name) => keychain.namespace(name), root)

  test('has the namespace key that chaining namespaces gives', () => {
    expect(chained.namespaceKey).toEqual(vector.namespaceKey)
  })

  test('has the key pair that the chained keychain derives', () => {
    expectVectorKeyPair(chained)
  })

  test('has the key pair that a keychain started at the namespace key derives', () => {
    expectVectorKeyPair(Keychain.from(vector.primaryKey, { namespace: vector.namespaceKey }))
    expectVectorKeyPair(root.namespace('elsewhere').at(vector.namespaceKey))
  })

  test('has the same key pair whether its names are given as strings or as bytes', () => {
    const keychain = vector.namespaces.reduce<Keychain>(
      (parent, name) => parent.namespace(toBytes(name)),
      root,
    )
    const { publicKey, secretKey } = keychain.keyPair(toBytes(vector.name))
    expect(publicKey).toEqual(vector.publicKey)
    expect(secretKey).toEqual(vector.secretKey)
  })

  function expectVectorKeyPair(keychain: Keychain) {
    const { publicKey, secretKey } = keychain.keyPair(vector.name)
    expect(publicKey).toEqual(vector.publicKey)
    expect(secretKey).toEqual(vector.secretKey)
  }
})
