// `default`: the namespace's default core.

import { expect, test } from 'vitest'
import { bytes32, hex, text } from '../helpers/bytes.js'
import { openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'

test('default gives a writable core, the same each time', async () => {
  const store = openStore()
  const core = store.default()
  await core.append('block')
  expect(text(await store.default().get(0))).toBe('block')
  expect(text(await store.session().default().get(0))).toBe('block')
  expect(core.writable).toBe(true)
})

test('default gives the same core after a restart, without storing its key', async () => {
  const place = newPlace()
  const store = openStoreAt(place)
  const core = store.default()
  await core.append('block')
  await store.close()
  const again = openStoreAt(place).default()
  expect(text(await again.get(0))).toBe('block')
  expect(hex(again.key)).toBe(hex(core.key))
})

test('default derives the same core in every version', async () => {
  const core = openStore({ primaryKey: bytes32(1) }).default()
  await core.ready()
  expect(hex(core.key)).toBe('c25a469d8ebae6d12681d758eea0df521aa0464ebf80e860e78cc56dbcaa927e')
})

test('each namespace has a default core of its own', async () => {
  const store = openStore()
  const cores = [store, store.namespace('a'), store.namespace('b')].map((namespace) => namespace.default())
  await Promise.all(cores.map((core) => core.ready()))
  expect(new Set(cores.map(({ key }) => hex(key))).size).toBe(3)
})

test('default takes the options of get', async () => {
  const store = openStore()
  const core = store.default<{ a: number }>({ valueEncoding: 'json' })
  await core.append({ a: 1 })
  expect(await core.get(0)).toEqual({ a: 1 })
  const reader = store.default({ valueEncoding: 'utf-8', writable: false })
  expect(await reader.get(0)).toBe('{"a":1}')
  expect(reader.writable).toBe(false)
})
