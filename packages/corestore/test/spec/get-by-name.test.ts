// `get` by name: writable, the same core after a restart, its key there at once the second time.

import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { bytes32, hex, text, utf8 } from '../helpers/bytes.js'
import { until } from '../helpers/events.js'
import { keysOf, openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'

test('a name makes a core writable', async () => {
  const core = openStore().get({ name: 'a' })
  await core.append('block')
  expect(core.writable).toBe(true)
  expect(text(await core.get(0))).toBe('block')
})

test('one name is one core, two names are two', async () => {
  const store = openStore()
  expect(await keyOf(store, 'a')).toBe(await keyOf(store, 'a'))
  expect(await keyOf(store, 'a')).not.toBe(await keyOf(store, 'b'))
})

test.each([
  ['a string', 'a'],
  ['a string of any characters', 'ünïcødé-名前-🔑'],
  ['a string with a NUL character', 'a\0b'],
  ['bytes', utf8('a')],
  ['bytes that are no UTF-8', Uint8Array.of(0xff, 0, 0x7f, 0xc0)],
  ['a long string', 'x'.repeat(4000)],
])('a name may be %s, and is found again after a restart', async (_, name) => {
  const place = newPlace()
  const store = openStoreAt(place)
  const core = store.get({ name })
  await core.append('block')
  await store.close()

  const again = openStoreAt(place).get({ name })
  expect(text(await again.get(0))).toBe('block')
  expect(hex(again.key)).toBe(hex(core.key))
  await again.append('more')
  expect(again.length).toBe(2)
})

test('bytes that are no UTF-8 are names of their own, however alike they look as text', async () => {
  const store = openStore()
  const names = [Uint8Array.of(0xff), Uint8Array.of(0xfe), '\ufffd']
  const keys = await Promise.all(names.map((name) => keyOf(store, name)))
  expect(new Set(keys).size).toBe(3)
})

test('a string and its UTF-8 bytes are the same name', async () => {
  const store = openStore()
  expect(await keyOf(store, 'näme')).toBe(await keyOf(store, utf8('näme')))
})

describe('with a name that this store has opened before, core.key is there at once', () => {
  test('while the core is open', async () => {
    const store = openStore()
    const key = await keyOf(store, 'a')
    expect(hex(store.get({ name: 'a' }).key)).toBe(key)
  })

  test('after it has closed', async () => {
    const store = openStore({ cacheSize: 0 })
    const key = await keyOf(store, 'a')
    await until(() => store.cores.size === 0)
    const core = store.get({ name: 'a' })
    expect(hex(core.key)).toBe(key)
    await core.append('block')
    expect(core.length).toBe(1)
  })

  test('in another session, but not in another namespace', async () => {
    const store = openStore()
    const key = await keyOf(store, 'a')
    const session = store.session()
    const namespace = store.namespace('b')
    await Promise.all([session.ready(), namespace.ready()])
    expect(hex(session.get({ name: 'a' }).key)).toBe(key)
    expect(namespace.get({ name: 'a' }).key).toBe(null)
  })

  test('with its options', async () => {
    const store = openStore()
    await keyOf(store, 'a')
    const core = store.get({ name: 'a', valueEncoding: 'utf-8' })
    await core.append('block')
    expect(await core.get(0)).toBe('block')
  })
})

test('a name is found by the key pair that it derives', async () => {
  const store = openStore()
  const core = store.get({ name: 'a' })
  await core.ready()
  const keyPair = await store.createKeyPair('a')
  expect(hex(core.keyPair?.publicKey ?? null)).toBe(hex(keyPair.publicKey))
  expect(hex(store.get({ keyPair }).key)).toBe(hex(core.key))
})

test('a name is still writable for a core that came in by its key first', async () => {
  const primaryKey = bytes32(1)
  const written = openStore({ primaryKey }).get({ name: 'a' })
  await written.ready()
  const { key } = keysOf(written)

  const store = openStore({ primaryKey })
  await store.get(key).ready()
  const core = store.get({ name: 'a' })
  await core.append('block')
  expect(hex(core.key)).toBe(hex(key))
})

test('a draft may be made of a core that is still opening', async () => {
  const core = openStore().get({ name: 'a' })
  const draft = core.session({ name: 'draft' })
  await draft.append('block')
  expect([draft.length, core.length]).toEqual([1, 0])
})

async function keyOf(store: Corestore, name: string | Uint8Array): Promise<string> {
  const core = store.get({ name })
  await core.ready()
  await core.close()
  return hex(core.key)
}
