// `core.purge()`, Hypercore's own way of deleting a core, in a store.

import Hypercore from 'hypercore'
import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { bytes32, hex, listed, text } from '../helpers/bytes.js'
import { next } from '../helpers/events.js'
import { keysOf, openStore, openStoreAt, writeCore } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { recordsOf } from '../helpers/records.js'
import { connect, reads } from '../helpers/streams.js'

describe('a purged core', () => {
  test('is no longer stored, and leaves no record and no name', async () => {
    const store = openStore()
    await store.get({ name: 'other' }).append('block')
    const before = await recordKeys(store)
    const core = store.get({ name: 'a', userData: { some: 'data' } })
    await core.append(['one', 'two'])
    const branch = core.session({ name: 'branch' })
    await branch.append('three')
    const { discoveryKey } = keysOf(core)
    await core.purge()
    expect(await storedNames(store)).toEqual(['other'])
    expect(await store.getAuth(discoveryKey)).toBeNull()
    expect(await recordKeys(store)).toEqual(before)
  })

  test('is no longer in its group', async () => {
    const store = openStore()
    const group = bytes32(1)
    const core = store.get({ name: 'a', group })
    await core.append('block')
    const handle = store.notifyGroup(group)
    expect(await listed(handle.updates())).toEqual([hex(core.key)])
    await core.purge()
    expect(await listed(handle.updates())).toEqual([])
  })

  test('is made again by its name: with the same key, empty and writable, after a restart, too', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    const { key } = await writeCore(store, 'a')
    await store.get({ name: 'a' }).purge()
    const core = store.get({ name: 'a' })
    await core.ready()
    expect([hex(core.key), core.length, core.writable]).toEqual([hex(key), 0, true])
    await core.append('new block')
    await store.close()
    await reads(openStoreAt(place).get({ name: 'a' }), 'new block')
  })

  test('is made again by its key: empty, and not writable', async () => {
    const store = openStore()
    const { key } = await writeCore(store, 'a')
    await store.get(key).purge()
    const core = store.get(key)
    await core.ready()
    expect([hex(core.key), core.length, core.writable]).toEqual([hex(key), 0, false])
    expect(await storedNames(store)).toEqual([null])
  })

  test('is gone after a restart, and one that was stored before a restart can be purged', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    await writeCore(store, 'a')
    const { key } = await writeCore(store, 'b')
    await store.get({ name: 'a' }).purge()
    await store.close()
    const again = openStoreAt(place)
    expect(await storedNames(again)).toEqual(['b'])
    await again.get(key).purge()
    expect(await storedNames(again)).toEqual([])
  })
})

describe('purge', () => {
  test('closes every session of the core, and no other', async () => {
    const store = openStore()
    const namespace = store.namespace('n')
    const core = namespace.get({ name: 'a' })
    await core.append('block')
    const { key } = keysOf(core)
    const other = store.get({ name: 'other' })
    await other.append('block')
    const sessions = [
      core,
      store.get(key),
      store.get({ key, weak: true }),
      core.session(),
      core.snapshot(),
      new Hypercore({ core: core.core }),
    ]
    await Promise.all(sessions.map((session) => session.ready()))
    const closed = Promise.all(sessions.map((session) => next(session, 'close')))

    await core.snapshot().purge()

    await closed
    expect(sessions.map((session) => session.closed)).toEqual(sessions.map(() => true))
    expect([...store.sessions, ...namespace.sessions]).toEqual([other])
    await other.append('another block')
    expect(text(await other.get(1))).toBe('another block')
  })

  test('deletes a core once that two sessions purge, and none that was made after it', async () => {
    const store = openStore()
    await writeCore(store, 'a')
    const [one, two] = [store.get({ name: 'a' }), store.get({ name: 'a' })]
    await Promise.all([one.ready(), two.ready()])
    const purged = [one.purge(), two.purge()]
    const core = store.get({ name: 'a' })
    await core.append('new block')
    await Promise.all(purged)
    await two.purge()
    expect(text(await core.get(0))).toBe('new block')
    await core.purge()
    expect(await storedNames(store)).toEqual([])
  })

  test('of a core that has been closed is refused with SESSION_CLOSED', async () => {
    const store = openStore({ cacheSize: 0 })
    const core = store.get({ name: 'a' })
    await core.append('block')
    const gone = next(store, 'core-close')
    await core.close()
    await gone
    await expect(core.purge()).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
    expect(await storedNames(store)).toEqual(['a'])
  })

  test('through a store that is closed is refused with SESSION_CLOSED', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    const core = store.get({ name: 'a' })
    await core.append('block')
    await store.close()
    await expect(core.purge()).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
    expect(await storedNames(openStoreAt(place))).toEqual(['a'])
  })

  test('right after an append leaves nothing of it, and the append settles', async () => {
    const store = openStore()
    const core = store.get({ name: 'a' })
    const appended = core.append('block').catch((error: unknown) => error)
    await core.purge()
    await appended
    expect(await storedNames(store)).toEqual([])
    const again = store.get({ name: 'a' })
    await again.append('new block')
    expect([again.length, text(await again.get(0))]).toEqual([1, 'new block'])
  })

  test('while exclusive sessions wait for their turn ends them', async () => {
    const store = openStore()
    const holder = store.get({ name: 'a', exclusive: true })
    await holder.append('block')
    const waiting = store.get({ name: 'a', exclusive: true })
    const waited = waiting.ready().then(
      () => 'opened',
      () => 'ended',
    )
    await holder.purge()
    await waited
    expect(await storedNames(store)).toEqual([])
    await store.get({ name: 'a', exclusive: true }).append('new block')
    expect(await storedNames(store)).toEqual(['a'])
  })

  test('while the store closes leaves it closed', async () => {
    const store = openStore()
    const core = store.get({ name: 'a' })
    await core.append('block')
    const purged = core.purge().catch((error: unknown) => error)
    await store.close()
    await purged
    expect(store.closed).toBe(true)
  })
})

describe('a core with peers', () => {
  test('is purged at the writer, the peer keeps what it has, and other cores go on', async () => {
    const { writer, reader, copy } = await replicated()
    const other = await writeCore(writer, 'other')
    await writer.get({ name: 'a' }).purge()
    expect(await storedNames(writer)).toEqual(['other'])
    await reads(reader.get(other.key), 'other')
    expect(text(await copy.get(0, { wait: false }))).toBe('a')
  })

  test('is purged at the reader while it downloads, and can be downloaded again', async () => {
    const { writer, reader, copy } = await replicated()
    await writer.get({ name: 'a' }).append(['more', 'and more'])
    const { key } = keysOf(copy)
    const ended = copy.download({ start: 0, end: -1 }).done()
    const settled = ended.catch((error: unknown) => error)
    await copy.purge()
    await settled
    expect(await storedNames(reader)).toEqual([])
    const again = reader.get(key)
    for (const [index, block] of ['a', 'more', 'and more'].entries()) await reads(again, block, index)
  })
})

async function replicated() {
  const [writer, reader] = [openStore(), openStore()]
  const { key } = await writeCore(writer, 'a')
  connect(writer, reader)
  const copy = reader.get(key)
  await reads(copy, 'a')
  return { writer, reader, copy }
}

async function storedNames(store: Corestore): Promise<(string | Uint8Array | null)[]> {
  const names: (string | Uint8Array | null)[] = []
  for await (const { name } of store.stored()) names.push(name)
  return names
}

/** Not what the records hold: the store goes on counting the cores that it has had. */
async function recordKeys(store: Corestore): Promise<(string | undefined)[]> {
  return (await recordsOf(store)).map((record) => record.split(' ')[0])
}
