// What a store takes as its storage. What it does there is tested on all of them by the other projects.

import { readdirSync } from 'node:fs'
import HypercoreStorage from 'hypercore-storage'
import RandomAccessFile from 'random-access-file'
import RAM from 'random-access-memory'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Corestore, type StorageArgument, type StoreOptions } from '../../src/index.js'
import { text } from '../helpers/bytes.js'
import { emptyDirectory } from '../helpers/directories.js'

function open(storage: StorageArgument, options?: StoreOptions): Corestore {
  const store = new Corestore(storage, options)
  onTestFinished(() => store.close())
  return store
}

describe('the storage', () => {
  test('is a directory, which is made if it is not there', async () => {
    const directory = `${emptyDirectory()}/not/there`
    const store = open(directory)
    await store.get({ name: 'a' }).append('block')
    expect(store.storage.path).toBe(directory)
  })

  test('is RocksDB for a directory, also when the engine is named', async () => {
    for (const options of [{}, { engine: 'rocksdb' }] as const) {
      const directory = emptyDirectory()
      await open(directory, options).ready()
      expect(readdirSync(directory)).toContain('db')
    }
  })

  test("is one file for a directory with engine: 'random-access', later without the option, and not as RocksDB", async () => {
    const directory = emptyDirectory()
    const first = open(directory, { engine: 'random-access' })
    await first.get({ name: 'a' }).append('block')
    await first.close()
    expect(readdirSync(directory)).toEqual(['store.kv'])
    const rocks = open(directory, { engine: 'rocksdb' })
    await expect(rocks.ready()).rejects.toMatchObject({ code: 'STORAGE_CONFLICT', directory })
    expect(text(await open(directory).get({ name: 'a' }).get(0))).toBe('block')
  })

  test('is memory for RAM, gone when the store is closed', async () => {
    const first = open(RAM)
    const core = first.get({ name: 'a' })
    await core.append('gone')
    await first.close()
    const second = open(RAM).get({ name: 'a' })
    await second.ready()
    expect(second.length).toBe(0)
    expect(second.key).not.toEqual(core.key)
  })

  test('is what (path) => storage makes', async () => {
    const directory = emptyDirectory()
    const store = open((path) => new RandomAccessFile(path, { directory }))
    await store.get({ name: 'a' }).append('kept')
    expect(readdirSync(directory)).toEqual(['store.kv'])
  })

  test('is a hypercore-storage instance, which is used as it is', async () => {
    const storage = new HypercoreStorage(emptyDirectory())
    const store = open(storage)
    await store.get({ name: 'a' }).append('block')
    expect(store.storage).toBe(storage)
    await store.close()
    expect(storage.closed).toBe(true)
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

  test('cannot be a function that makes no storage, which throws at once', () => {
    const wrong = (() => ({})) as unknown as () => RAM
    expect(() => new Corestore(wrong)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }))
  })
})
