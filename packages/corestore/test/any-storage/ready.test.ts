// `ready`.

import { expect, test } from 'vitest'
import { hex, listed, text } from '../helpers/bytes.js'
import { openStore } from '../helpers/open-store.js'

test('ready waits until the storage is open and primaryKey is set', async () => {
  const store = openStore()
  expect(store.opened).toBe(false)
  expect(store.primaryKey).toBe(null)
  await store.ready()
  expect(store.opened).toBe(true)
  expect(store.storage.opened).toBe(true)
  expect(store.primaryKey).toHaveLength(32)
})

test('ready may be called again, at any time', async () => {
  const store = openStore()
  await Promise.all([store.ready(), store.ready()])
  await store.ready()
  await store.close()
  await store.ready()
})

test('calling ready is never required', async () => {
  const store = openStore()
  const core = store.get({ name: 'a' })
  await core.append('block')
  expect(text(await core.get(0))).toBe('block')
  expect((await openStore().createKeyPair('a')).publicKey).toHaveLength(32)
  expect(await listed(openStore().list())).toEqual([])
})

test('a session or namespace is ready when its store is', async () => {
  const store = openStore()
  const nested = store.namespace('a').session()
  await nested.ready()
  expect(store.opened).toBe(true)
  expect(nested.opened).toBe(true)
  expect(hex(nested.primaryKey)).toBe(hex(store.primaryKey))
})
