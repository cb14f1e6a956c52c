// `Corestore.isCorestore` and `Corestore.from`.

import { describe, expect, test } from 'vitest'
import Corestore, { corestore } from '../../src/index.js'
import { bytes32, hex } from '../helpers/bytes.js'
import { openStore } from '../helpers/open-store.js'
import { openCorestore7 } from '../helpers/other-stores.js'
import { newPlace } from '../helpers/places.js'

describe('isCorestore', () => {
  test('is true for a store, a session and a namespace, also one that is closed', async () => {
    const store = openStore()
    for (const each of [store, store.session(), store.namespace('a')]) {
      expect(Corestore.isCorestore(each)).toBe(true)
    }
    await store.close()
    expect(Corestore.isCorestore(store)).toBe(true)
  })

  test('is true for a store of another copy of this package', async () => {
    const { default: Other } = await import('../../dist/index.js')
    expect(Other).not.toBe(Corestore)
    const { storage, options } = newPlace()
    const store = new Other(storage, options)
    expect(Corestore.isCorestore(store)).toBe(true)
    await store.close()
  })

  test.each([undefined, null, true, 5, 'a', {}, [], Corestore, new Map(), { get() {} }])(
    'is false for %o',
    (value) => {
      expect(Corestore.isCorestore(value)).toBe(false)
    },
  )

  test('is false for a store of Corestore 7, and for a storage', async () => {
    expect(Corestore.isCorestore(openCorestore7())).toBe(false)
    expect(Corestore.isCorestore(openStore().storage)).toBe(false)
  })
})

describe('from', () => {
  test('gives a store as it is', () => {
    const store = openStore()
    expect(Corestore.from(store)).toBe(store)
    const session = store.session()
    expect(Corestore.from(session, { readOnly: true })).toBe(session)
  })

  test('makes a store of a storage, with the options', async () => {
    const { storage, options } = newPlace()
    const store = Corestore.from(storage, { ...options, primaryKey: bytes32(1) })
    expect(store).toBeInstanceOf(Corestore)
    await store.ready()
    expect(hex(store.primaryKey)).toBe(hex(bytes32(1)))
    await store.close()
  })

  test('refuses what is neither', () => {
    expect(() => Corestore.from(5 as never)).toThrow(TypeError)
  })
})

test('corestore() makes a store without new', async () => {
  const { storage, options } = newPlace()
  const store = corestore(storage, { ...options, primaryKey: bytes32(1) })
  expect(store).toBeInstanceOf(Corestore)
  await store.ready()
  expect(hex(store.primaryKey)).toBe(hex(bytes32(1)))
  await store.close()
})
