// `readOnly: true` and `writable: false`: no core opened through the store is writable, nothing is written.

import { describe, expect, test } from 'vitest'
import { bytes32, text } from '../helpers/bytes.js'
import { until } from '../helpers/events.js'
import { keysOf, openStore, openStoreAt } from '../helpers/open-store.js'
import { newPlace, type Place } from '../helpers/places.js'
import { connect, reads } from '../helpers/streams.js'

describe.each([
  ['readOnly: true', { readOnly: true }],
  ['writable: false', { writable: false }],
])('a store with %s', (_, options) => {
  test('reads the cores that are stored, and none is writable', async () => {
    const { place, key, discoveryKey } = await storedCore()
    const store = openStoreAt(place, options)
    const ways = [{ name: 'a' }, { key }, { discoveryKey }, { name: 'a', writable: true }]
    for (const way of ways) {
      const core = store.get(way)
      expect(text(await core.get(0))).toBe('block')
      expect(core.writable).toBe(false)
      await expect(core.append('more')).rejects.toMatchObject({ code: 'SESSION_NOT_WRITABLE' })
    }
    expect(store.readOnly).toBe(true)
  })

  test('writes nothing', async () => {
    const { place } = await storedCore()
    const before = await place.content()
    const store = openStoreAt(place, options)
    await store.get({ name: 'a' }).get(0)
    await expect(store.get({ name: 'not there' }).ready()).rejects.toMatchObject({
      code: 'STORAGE_EMPTY',
      message: expect.stringContaining("the name 'not there'"),
    })
    await expect(store.get(bytes32(1)).ready()).rejects.toMatchObject({ code: 'STORAGE_EMPTY' })
    await expect(store.get().ready()).rejects.toMatchObject({ code: 'STORAGE_EMPTY' })
    await store.close()
    expect(await place.content()).toEqual(before)
  })

  test('hands that on to its namespaces and sessions, whatever they say', async () => {
    const { place } = await storedCore()
    const store = openStoreAt(place, options)
    const session = store.session({ readOnly: false, writable: true })
    const core = session.get({ name: 'a' })
    await core.ready()
    expect(store.namespace('b').readOnly).toBe(true)
    expect(session.readOnly).toBe(true)
    expect(core.writable).toBe(false)
  })

  test('makes no store where there is none', async () => {
    const place = newPlace()
    const store = openStoreAt(place, options)
    await expect(store.ready()).rejects.toMatchObject({ code: 'STORAGE_NO_STORE' })
    expect(await place.content()).toEqual({})
  })
})

test('a read-only store keeps its connections when a peer has more than it can store, and serves what it has', async () => {
  const writer = openStore()
  const grown = writer.get({ name: 'grown' })
  const other = writer.get({ name: 'other' })
  await grown.append('0')
  await other.append('other')
  const [grownKey, otherKey] = [keysOf(grown).key, keysOf(other).key]
  const place = newPlace()
  const copy = openStoreAt(place)
  connect(copy, writer)
  await reads(copy.get(grownKey), '0')
  await reads(copy.get(otherKey), 'other')
  await copy.close()
  await grown.append('1')

  const store = openStoreAt(place, { readOnly: true })
  const [stream] = connect(store, writer)
  const core = store.get(grownKey)
  await core.ready()
  await until(() => core.peers[0]?.remoteLength === 2)
  await core.update({ wait: true })
  await expect(core.get(1, { timeout: 1 })).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
  expect(core.length).toBe(1)

  const reader = openStore()
  connect(store, reader)
  await reads(reader.get(otherKey), 'other')
  expect(stream.destroyed).toBe(false)
})

test('a session that is read-only leaves the store that made it writable', async () => {
  const store = openStore()
  const session = store.session({ readOnly: true })
  const written = store.get({ name: 'a' })
  await written.append('block')

  const read = session.get({ name: 'a' })
  expect(text(await read.get(0))).toBe('block')
  await expect(read.append('more')).rejects.toMatchObject({ code: 'SESSION_NOT_WRITABLE' })
  await expect(session.get({ name: 'b' }).ready()).rejects.toMatchObject({ code: 'STORAGE_EMPTY' })
  await written.append('more')
  expect(read.length).toBe(2)
})

/** A place with a named core of one block, closed. */
async function storedCore(): Promise<{ place: Place; key: Uint8Array; discoveryKey: Uint8Array }> {
  const place = newPlace()
  const store = openStoreAt(place)
  const core = store.get({ name: 'a' })
  await core.append('block')
  await store.close()
  return { place, ...keysOf(core) }
}
