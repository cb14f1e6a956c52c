// The options of a store, but for `cacheSize` and `readOnly`, which have files of their own.

import { describe, expect, test, vi } from 'vitest'
import { Corestore, memoryStorage, type StoreOptions } from '../../src/index.js'
import { bytes32, hex, text } from '../helpers/bytes.js'
import { openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'

test('options that are refused call no function that makes storages', () => {
  const make = vi.fn(memoryStorage())
  const refused: StoreOptions[] = [
    { replicator: { maxStreams: 0 } },
    { cacheSize: -1 },
    { recovery: { settle: -1 } },
    { treeCache: { maxSize: -1 } },
    { valueEncoding: 'jsn' as never },
  ]
  for (const options of refused) expect(() => new Corestore(make, options)).toThrow()
  expect(make).not.toHaveBeenCalled()
})

describe('primaryKey', () => {
  test('derives all writable cores: two stores with the same one have the same cores', async () => {
    const primaryKey = bytes32(1)
    const one = openStore({ primaryKey }).get({ name: 'a' })
    const other = openStore({ primaryKey }).get({ name: 'a' })
    await Promise.all([one.ready(), other.ready()])
    expect(hex(one.key)).toBe(hex(other.key))
  })

  test('is random by default', async () => {
    const [one, other] = [openStore(), openStore()]
    await Promise.all([one.ready(), other.ready()])
    expect(one.primaryKey).toHaveLength(32)
    expect(hex(one.primaryKey)).not.toBe(hex(other.primaryKey))
  })

  test.each([
    ['a random one', undefined],
    ['a given one', bytes32(1)],
  ])('is kept in the storage: %s', async (_, primaryKey) => {
    const place = newPlace()
    const store = openStoreAt(place, { primaryKey })
    await store.ready()
    const kept = hex(store.primaryKey)
    await store.close()

    const again = openStoreAt(place)
    await again.ready()
    expect(hex(again.primaryKey)).toBe(kept)
  })

  test('may be given again for a storage that holds it', async () => {
    const place = newPlace()
    for (let restart = 0; restart < 2; restart++) {
      const store = openStoreAt(place, { primaryKey: bytes32(1) })
      await store.ready()
      await store.close()
    }
  })

  test('is copied: whoever gave it may wipe it at once', async () => {
    const primaryKey = bytes32(1)
    const store = openStore({ primaryKey })
    primaryKey.fill(0)
    await store.ready()
    expect(hex(store.primaryKey)).toBe(hex(bytes32(1)))
  })

  test.each([true, false, undefined])('needs no unsafe, which is accepted: %s', async (unsafe) => {
    const store = openStore({ primaryKey: bytes32(1), unsafe })
    await store.ready()
    expect(hex(store.primaryKey)).toBe(hex(bytes32(1)))
  })
})

describe('namespace', () => {
  test('is 32 zero bytes by default', () => {
    expect(hex(openStore().ns)).toBe(hex(bytes32(0)))
  })

  test('is where names derive', async () => {
    const primaryKey = bytes32(1)
    const there = openStore({ primaryKey, namespace: bytes32(2) })
    const fromElsewhere = openStore({ primaryKey }).session({ namespace: bytes32(2) })
    const one = there.get({ name: 'a' })
    const other = fromElsewhere.get({ name: 'a' })
    await Promise.all([one.ready(), other.ready()])
    expect(hex(there.ns)).toBe(hex(bytes32(2)))
    expect(hex(one.key)).toBe(hex(other.key))
  })
})

describe('manifestVersion', () => {
  test('is 1 by default', async () => {
    const core = openStore().get({ name: 'a' })
    await core.ready()
    expect(core.manifest?.version).toBe(1)
  })

  test.each([0, 1, 2])('makes new named cores of version %i', async (manifestVersion) => {
    const core = openStore({ manifestVersion }).get({ name: 'a' })
    await core.append('block')
    expect(core.manifest?.version).toBe(manifestVersion)
  })

  test('gives the same name another key in a store that has not made the core yet', async () => {
    const keys = [0, 1, 2].map(async (manifestVersion) => {
      const core = openStore({ primaryKey: bytes32(1), manifestVersion }).get({ name: 'a' })
      await core.ready()
      return hex(core.key)
    })
    expect(new Set(await Promise.all(keys)).size).toBe(3)
  })

  test('leaves a named core that is stored as it is', async () => {
    const place = newPlace()
    const store = openStoreAt(place, { manifestVersion: 0 })
    const core = store.get({ name: 'a' })
    await core.append('block')
    await store.close()

    const again = openStoreAt(place, { manifestVersion: 1 }).get({ name: 'a' })
    expect(text(await again.get(0))).toBe('block')
    expect(hex(again.key)).toBe(hex(core.key))
    await again.append('more')
    expect(again.length).toBe(2)
  })
})

describe('any Hypercore option', () => {
  test('is a default for every get', async () => {
    const store = openStore({ valueEncoding: 'json', timeout: 10 })
    const core = store.get<{ text: string }>({ name: 'a', valueEncoding: 'json' })
    const byDefault = store.get({ name: 'a' })
    await core.append({ text: 'hello' })
    expect(await byDefault.get(0)).toEqual({ text: 'hello' })
    await expect(byDefault.get(1)).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
  })

  test('gives way to what a get says', async () => {
    const store = openStore({ valueEncoding: 'json' })
    const core = store.get({ name: 'a', valueEncoding: 'utf-8' })
    await core.append('text')
    expect(await core.get(0)).toBe('text')
  })

  test('holds for namespaces and sessions too, unless they say otherwise', async () => {
    const store = openStore({ valueEncoding: 'utf-8' })
    const inherited = store.namespace('a').get({ name: 'a' })
    const own = store.session({ valueEncoding: 'json' }).namespace('a').get({ name: 'a' })
    await inherited.append('"text"')
    expect(await inherited.get(0)).toBe('"text"')
    expect(await own.get(0)).toBe('text')
  })

  test('reaches the core itself, where it is one of those', async () => {
    const store = openStore({ allowFork: false, inflightRange: [7, 9] })
    const core = store.get({ name: 'a' })
    await core.ready()
    expect(core.replicator?.allowFork).toBe(false)
    expect(core.replicator?.inflightRange).toEqual([7, 9])
  })
})

describe('options that are wrong', () => {
  test.each([
    ['primaryKey', { primaryKey: new Uint8Array(31) }, /primaryKey must be .*32 bytes/],
    ['primaryKey', { primaryKey: 'secret' as never }, /primaryKey must be .*32 bytes/],
    ['namespace', { namespace: new Uint8Array(33) }, /namespace must be 32 bytes, not 33 bytes/],
    ['namespace', { namespace: 'name' as never }, /namespace must be 32 bytes.*store\.namespace\(name\)/],
    ['manifestVersion', { manifestVersion: 3 }, /manifestVersion must be 0, 1 or 2, not 3/],
    ['cacheSize', { cacheSize: -1 }, /cacheSize must be an integer from 0, or Infinity, not -1/],
    ['replicator', { replicator: null as never }, /replicator must be .*, not null/],
    ['replicator', { replicator: 5 as never }, /replicator must be .*, not a number/],
    ['engine', { engine: 'files' as never }, /engine must be 'rocksdb'/],
    ['readOnly', { readOnly: 'yes' as never }, /readOnly must be true or false, not a string/],
    ['writable', { writable: 0 as never }, /writable must be true or false, not a number/],
    ['wait', { wait: 1000 as never }, /wait must be true or false/],
    ['randomAccess', { randomAccess: 'always' as never }, /randomAccess must be an object/],
  ])('are refused at once: %s %o', (_, options, message) => {
    const place = newPlace()
    const make = () => new Corestore(place.storage, { ...place.options, ...options })
    expect(make).toThrow(
      expect.objectContaining({ code: 'BAD_ARGUMENT', message: expect.stringMatching(message) }),
    )
  })

  test('never show the primary key', () => {
    const secret = 'a secret that is not 32 bytes long'
    const { storage } = newPlace()
    const make = () => new Corestore(storage, { primaryKey: secret as never })
    expect(make).toThrow(expect.objectContaining({ message: expect.not.stringContaining(secret) }))
  })
})
