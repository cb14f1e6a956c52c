// Making a store: the ways to call it, what it takes as its storage. The options have a file of their own.

import { createRequire } from 'node:module'
import HypercoreStorage from 'hypercore-storage'
import { describe, expect, onTestFinished, test } from 'vitest'
import DefaultExport, { Corestore, corestore } from '../../src/index.js'
import { emptyDirectory, openStoreIn } from '../helpers/open-store.js'

describe('a store', () => {
  test('is made with new', async () => {
    const store = openStoreIn(emptyDirectory())
    await store.ready()
    expect(store).toBeInstanceOf(Corestore)
    expect(store.storage.opened).toBe(true)
  })

  test('is made without new by corestore(storage, options)', async () => {
    const store = corestore(emptyDirectory(), { manifestVersion: 0 })
    onTestFinished(() => store.close())
    await store.ready()
    expect(store).toBeInstanceOf(Corestore)
    expect(store.manifestVersion).toBe(0)
  })

  test('has its class as the default export', () => {
    expect(DefaultExport).toBe(Corestore)
  })

  test('has its class as what require() gives', async () => {
    const Required: typeof Corestore = createRequire(import.meta.url)('@coreyard/corestore')
    const store = new Required(emptyDirectory())
    onTestFinished(() => store.close())
    await store.ready()
    expect(store.opened).toBe(true)
  })
})

describe('the storage', () => {
  test('is a directory, which is made if it is not there', async () => {
    const directory = `${emptyDirectory()}/not/there`
    const store = openStoreIn(directory)
    await store.get({ name: 'a' }).append('block')
    expect(store.storage.path).toBe(directory)
  })

  test('is a hypercore-storage instance, which is used as it is', async () => {
    const storage = new HypercoreStorage(emptyDirectory())
    const store = new Corestore(storage)
    await store.get({ name: 'a' }).append('block')
    expect(store.storage).toBe(storage)
    await store.close()
    expect(storage.closed).toBe(true)
  })

  test('is RocksDB for a directory, also when the engine is named', async () => {
    const store = openStoreIn(emptyDirectory(), { engine: 'rocksdb' })
    await store.ready()
    expect(store.opened).toBe(true)
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty string', ''],
    ['a number', 42],
    ['bytes', new Uint8Array(32)],
    ['an object', {}],
    ['an array', []],
    ['a store', Corestore],
  ])('cannot be %s: a TypeError says what is accepted', (_, storage) => {
    const make = () => new Corestore(storage as never)
    expect(make).toThrow(TypeError)
    expect(make).toThrow(
      expect.objectContaining({
        code: 'BAD_ARGUMENT',
        message: expect.stringMatching(/^storage must be .*directory.*hypercore-storage instance/),
      }),
    )
  })
})
