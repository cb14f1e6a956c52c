// `stored`: everything that is stored, open or not.

import { describe, expect, test } from 'vitest'
import type { Corestore, StoredCore, StoredOptions } from '../../src/index.js'
import { bytes32, hex, utf8 } from '../helpers/bytes.js'
import { keysOf, openStore, openStoreAt, range } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { connect, reads } from '../helpers/streams.js'

describe('stored tells of each core', () => {
  test('its name and namespace, key and discovery key, length and byte length, and whether it is writable', async () => {
    const store = openStore()
    const namespace = store.namespace('b')
    const core = namespace.get({ name: 'a' })
    await core.append(['12345', '678'])
    expect(await all(store)).toEqual([
      {
        name: 'a',
        namespace: namespace.ns,
        ...keysOf(core),
        length: 2,
        byteLength: 8,
        writable: true,
      },
    ])
  })

  test('no name and no namespace for a core that was not opened by name', async () => {
    const store = openStore()
    const core = store.get()
    await core.ready()
    expect(await all(store)).toEqual([
      { name: null, namespace: null, ...keysOf(core), length: 0, byteLength: 0, writable: true },
    ])
  })

  test('the same whether it is open or not', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    for (const index of range(5)) {
      await store.get({ name: `core ${index}` }).append(range(index).map((block) => `block ${block}`))
    }
    const open = await all(store)
    expect(open.map(({ length }) => length).sort()).toEqual(range(5))
    await store.close()

    const again = openStoreAt(place)
    expect(await all(again)).toEqual(open)
    expect(again.cores.size).toBe(0) // it opens none
  })

  test('the length of a copy, of which not every block is here, and that it is not writable', async () => {
    const writer = openStore()
    const written = writer.get({ name: 'a' })
    await written.append(range(11).map((index) => 'x'.repeat(index)))
    const reader = openStore()
    connect(writer, reader)
    await reads(reader.get(keysOf(written).key), 'xxx', 3)
    expect(await all(reader)).toEqual([
      { name: null, namespace: null, ...keysOf(written), length: 11, byteLength: 55, writable: false },
    ])
  })

  test('a byte length that counts what encryption adds', async () => {
    const store = openStore()
    const core = store.get({ name: 'a', encryption: bytes32(1) })
    await core.append(['12345', '678'])
    const [stored] = await all(store)
    expect(stored?.byteLength).toBe(core.byteLength + 2 * core.padding)
    expect(core.padding).toBeGreaterThan(0)
  })

  test('its length after a truncation', async () => {
    const store = openStore()
    const core = store.get({ name: 'a' })
    await core.append(['1', '22', '333'])
    await core.truncate(2)
    expect(await all(store)).toMatchObject([{ length: 2, byteLength: 3 }])
  })

  test('a name that is bytes as the string that they encode, or as bytes if they encode none', async () => {
    const store = openStore()
    const names = ['text', utf8('näme ✓'), Uint8Array.of(0xff, 0, 0xfe)]
    for (const name of names) await store.get({ name }).ready()
    const found = await all(store, { namespace: store.ns })
    expect(found.map(({ name }) => name)).toHaveLength(3)
    expect(found.map(({ name }) => name)).toContain('text')
    expect(found.map(({ name }) => name)).toContain('näme ✓')
    const bytes = found.find(({ name }) => name instanceof Uint8Array)?.name
    expect(bytes).toEqual(Buffer.from([0xff, 0, 0xfe]))

    // What it gives opens the core again.
    for (const { name, namespace, key } of found) {
      const core = store.session({ namespace }).get({ name })
      await core.ready()
      expect(hex(core.key)).toBe(hex(key))
    }
  })
})

describe('stored({ namespace })', () => {
  test('gives the named cores of that namespace only, by name', async () => {
    const store = openStore()
    const namespace = store.namespace('inside')
    for (const name of ['c', 'a', 'b']) await namespace.get({ name }).ready()
    await store.get({ name: 'outside' }).ready()
    await namespace.namespace('deeper').get({ name: 'a' }).ready()
    await namespace.get().ready()

    const found = await all(store, { namespace: namespace.ns })
    expect(found.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(new Set(found.map(({ namespace }) => hex(namespace)))).toEqual(new Set([hex(namespace.ns)]))
    expect(await all(store, { namespace: store.namespace('nothing').ns })).toEqual([])
  })

  test('gives everything for null, as without it', async () => {
    const store = openStore()
    await store.get({ name: 'a' }).ready()
    await store.get().ready()
    expect(await all(store, { namespace: null })).toEqual(await all(store))
    expect(await all(store)).toHaveLength(2)
  })

  test('takes 32 bytes only', () => {
    const store = openStore()
    expect(() => store.stored({ namespace: new Uint8Array(31) })).toThrow(
      expect.objectContaining({
        code: 'BAD_ARGUMENT',
        message: 'namespace must be 32 bytes, not 31 bytes: store.namespace(name) makes one of a name',
      }),
    )
  })
})

test('a session with a primary key of its own has names apart, also in what stored gives', async () => {
  const store = openStore()
  const session = store.session({ primaryKey: bytes32(1) })
  const [ours, theirs] = [store.get({ name: 'a' }), session.get({ name: 'a' })]
  await Promise.all([ours.ready(), theirs.ready()])
  expect(await all(store, { namespace: store.ns })).toMatchObject([{ name: 'a', ...keysOf(ours) }])
  expect(await all(session, { namespace: session.ns })).toMatchObject([
    { name: 'a', namespace: session.ns, ...keysOf(theirs) },
  ])
  expect(await all(store)).toHaveLength(2)
})

test('a store, its sessions and its namespaces give the same', async () => {
  const store = openStore()
  await store.get({ name: 'a' }).ready()
  await store.namespace('b').get({ name: 'a' }).ready()
  const found = await all(store)
  expect(found).toHaveLength(2)
  expect(await all(store.session())).toEqual(found)
  expect(await all(store.namespace('b'))).toEqual(found)
})

test('an empty store has nothing stored', async () => {
  expect(await all(openStore())).toEqual([])
})

test('a thousand cores are all given, each once', async () => {
  const store = openStore({ cacheSize: 10 })
  const keys = await Promise.all(range(1000).map((index) => write(store, `core ${index}`)))
  const found = await all(store)
  expect(found.map(({ key }) => hex(key)).sort()).toEqual(keys.sort())
  expect(new Set(found.map(({ name }) => name)).size).toBe(1000)
  expect(found.every(({ length, byteLength }) => length === 1 && byteLength === 5)).toBe(true)
})

test('cores that are deleted while it goes on are left out, and all others given', async () => {
  const store = openStore()
  await Promise.all(range(400).map((index) => write(store, `core ${index}`)))
  const names = range(400).map((index) => `core ${index}`)
  const deleted = names.filter((_, index) => index % 3 === 0)
  const found: string[] = []
  for await (const { name, length } of store.stored()) {
    found.push(String(name))
    expect(length).toBe(1)
    if (found.length === 1) for (const each of deleted) await store.delete({ name: each }, { compact: false })
  }
  expect(new Set(found).size).toBe(found.length)
  expect(found).toEqual(expect.arrayContaining(names.filter((name) => !deleted.includes(name))))
  expect(found.length).toBeLessThan(400)
  expect(await all(store)).toHaveLength(400 - deleted.length)
})

test('it may be left early', async () => {
  const store = openStore()
  await Promise.all(range(300).map((index) => write(store, `core ${index}`)))
  for await (const { key } of store.stored()) {
    expect(key).toHaveLength(32)
    break
  }
  await store.close()
})

test('a read-only store tells what is stored', async () => {
  const place = newPlace()
  const store = openStoreAt(place)
  await store.get({ name: 'a' }).append('block')
  const found = await all(store)
  await store.close()
  expect(await all(openStoreAt(place, { readOnly: true }))).toEqual(found)
})

async function all(store: Corestore, options?: StoredOptions): Promise<StoredCore[]> {
  const cores: StoredCore[] = []
  for await (const core of store.stored(options)) cores.push(core)
  return cores
}

/** Writes a named core and closes it; its key in hex. */
async function write(store: Corestore, name: string): Promise<string> {
  const core = store.get({ name })
  await core.append('block')
  await core.close()
  return hex(core.key)
}
