// Hyperbee 2 on the cores of a store: an ordered map, with its history.

import Hyperbee from 'hyperbee'
import { expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { hex } from '../helpers/bytes.js'
import { next } from '../helpers/events.js'
import { createStore } from '../helpers/stores.js'
import { connect } from '../helpers/streams.js'

/** A map from text to text: the store's named one, or that with a key. */
function openBee(store: Corestore, key: Uint8Array | null = null): Hyperbee<string> {
  const core = key === null ? store.get({ name: 'bee' }) : store.get({ key })
  return new Hyperbee<string>(core, { keyEncoding: 'utf-8', valueEncoding: 'utf-8' })
}

async function pairs(entries: AsyncIterable<{ key: string; value: string }>): Promise<string[]> {
  const all: string[] = []
  for await (const { key, value } of entries) all.push(`${key}=${value}`)
  return all
}

test('a bee keeps what is put, in the order of its keys, and not what is deleted', async () => {
  const bee = openBee(createStore('bee'))
  for (const key of ['c', 'a', 'd', 'b']) await bee.put(key, key.toUpperCase())
  await bee.del('d')

  expect((await bee.get('a'))?.value).toBe('A')
  expect(await bee.get('d')).toBeNull()
  expect(await pairs(bee.createReadStream())).toEqual(['a=A', 'b=B', 'c=C'])
  expect(await pairs(bee.createReadStream({ gt: 'a', lte: 'c', reverse: true }))).toEqual(['c=C', 'b=B'])
})

test('a batch is in the bee with its flush, all of it, or never', async () => {
  const bee = openBee(createStore('bee'))
  await bee.put('old', '1')
  const batch = bee.batch()
  for (let index = 0; index < 500; index++) await batch.put(`key-${index}`, `${index}`)
  await batch.del('old')

  expect((await batch.get('key-499'))?.value).toBe('499')
  expect(await pairs(bee.createReadStream())).toEqual(['old=1'])
  await batch.flush()
  expect(await pairs(bee.createReadStream())).toHaveLength(500)
  expect(await bee.get('old')).toBeNull()

  const given = bee.batch()
  await given.put('given up', 'x')
  await given.close()
  expect(await bee.get('given up')).toBeNull()
})

test('puts that compare and swap see each other, in two sessions of a bee on one store', async () => {
  const store = createStore('bee')
  const one = openBee(store)
  await one.put('counter', '0')
  const other = openBee(store.session())
  await other.put('counter', '1', { cas: (previous) => previous.value === '0' })
  await one.put('counter', '2', { cas: (previous) => previous.value === '0' })
  expect((await one.get('counter'))?.value).toBe('1')
  await one.put('counter', '2', { cas: (previous) => previous.value === '1' })
  expect((await other.get('counter'))?.value).toBe('2')
})

test('snapshots and checkouts of a bee stay as they were', async () => {
  const bee = openBee(createStore('bee'))
  await bee.put('a', 'first')
  const { version } = bee
  const snapshot = bee.snapshot()
  await bee.put('a', 'second')
  await bee.put('b', 'b')

  for (const old of [snapshot, bee.checkout(version)]) {
    expect(await pairs(old.createReadStream())).toEqual(['a=first'])
    await old.close()
  }
  expect(await pairs(bee.createReadStream())).toEqual(['a=second', 'b=b'])
})

test('a bee tells its history, and what differs from an earlier version', async () => {
  const bee = openBee(createStore('bee'))
  await bee.put('a', '1')
  const { version } = bee
  await bee.put('b', '2')
  await bee.del('a')

  const history: string[] = []
  for await (const { type, key } of bee.createHistoryStream()) history.push(`${type} ${key}`)
  expect(history).toEqual(['put a', 'put b', 'del a'])

  const diff: (string | undefined)[][] = []
  for await (const { left, right } of bee.createDiffStream(version)) diff.push([left?.key, right?.key])
  expect(diff).toEqual([
    [undefined, 'a'],
    ['b', undefined],
  ])
})

test('a watcher of a range sees what changes in it, from whichever session', async () => {
  const store = createStore('bee')
  const bee = openBee(store)
  await bee.put('m', 'first')
  const watcher = bee.watch({ gte: 'm', lt: 'n' })
  await watcher.ready()

  const change = watcher.next()
  const other = openBee(store.session())
  await other.put('a', 'not watched')
  await other.put('m', 'second')
  const { value: [current, previous] = [] } = await change
  expect((await current?.get('m'))?.value).toBe('second')
  expect((await previous?.get('m'))?.value).toBe('first')
  await watcher.close()
})

test('subs of a bee have keys of their own', async () => {
  const bee = openBee(createStore('bee'))
  const users = bee.sub('users')
  const posts = bee.sub('posts')
  await users.put('1', 'ann')
  await posts.put('1', 'hello')

  expect(await pairs(users.createReadStream())).toEqual(['1=ann'])
  expect((await posts.get('1'))?.value).toBe('hello')
  expect(await pairs(bee.createReadStream())).toEqual(['posts\u00001=hello', 'users\u00001=ann'])
})

test('a bee is the same after a restart: its entries, its history and its key', async () => {
  const store = createStore('bee')
  const before = openBee(store)
  await before.put('a', 'first')
  await before.put('a', 'second')
  const { version } = before
  const key = hex(before.core.key)
  await store.close()

  const after = openBee(createStore('bee'))
  await after.ready()
  expect(hex(after.core.key)).toBe(key)
  expect(after.version).toBe(version)
  expect((await after.get('a'))?.value).toBe('second')
  expect((await after.checkout(2).get('a'))?.value).toBe('first')
  await after.put('b', 'b')
  expect(await pairs(after.createReadStream())).toEqual(['a=second', 'b=b'])
})

test('a bee is read in another store, which loads no more than it needs for that', async () => {
  const store = createStore('writer')
  const writer = openBee(store)
  const batch = writer.batch()
  for (let index = 0; index < 1000; index++) await batch.put(`key-${index}`, `${index}`)
  await batch.flush()

  const readerStore = createStore('reader')
  const reader = openBee(readerStore, writer.core.key)
  const found = readerStore.findingPeers()
  connect(store, readerStore)
  await reader.update()
  found()

  let loaded = 0
  reader.core.on('download', () => loaded++)
  expect((await reader.get('key-500'))?.value).toBe('500')
  expect(loaded).toBeLessThan(100)
  expect(await pairs(reader.createReadStream())).toHaveLength(1000)
})

test('a bee goes on in another store while it is written', async () => {
  const store = createStore('writer')
  const writer = openBee(store)
  await writer.put('a', '1')
  const readerStore = createStore('reader')
  const reader = openBee(readerStore, writer.core.key)
  const found = readerStore.findingPeers()
  connect(store, readerStore)
  await reader.update()
  found()

  const history = reader.createHistoryStream({ live: true })[Symbol.asyncIterator]()
  expect((await history.next()).value).toMatchObject({ type: 'put', key: 'a' })
  const appended = next(reader.core, 'append')
  await writer.put('b', '2')
  await appended
  expect((await history.next()).value).toMatchObject({ type: 'put', key: 'b' })
  expect((await reader.get('b'))?.value).toBe('2')
  await history.return?.()
})
