// `delete`: closes a core, and removes its data and names.

import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { bytes32, hex, listed, text } from '../helpers/bytes.js'
import { next, until } from '../helpers/events.js'
import { keysOf, openStore, openStoreAt, range } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { connect, reads } from '../helpers/streams.js'

describe('a deleted core', () => {
  test('is gone with its data and its name', async () => {
    const store = openStore()
    const { key, discoveryKey } = await write(store, 'a')
    const { key: kept } = await write(store, 'b')
    expect(await store.delete({ name: 'a' })).toBe(true)
    await expectGone(store, 'a', discoveryKey)
    const copy = store.get(key)
    await copy.ready()
    expect(copy.length).toBe(0)
    expect(text(await store.get(kept).get(0))).toBe('block')
  })

  test('is gone after a restart, too', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    const { discoveryKey } = await write(store, 'a')
    await write(store, 'b')
    await store.delete({ name: 'a' })
    await store.close()

    const again = openStoreAt(place)
    await expectGone(again, 'a', discoveryKey)
    expect(text(await again.get({ name: 'b' }).get(0))).toBe('block')
  })

  test('leaves nothing in the database but the records of the store itself', async () => {
    const store = openStore()
    await store.get({ name: 'other' }).append('block')
    const before = await recordsOf(store)
    const core = store.get({ name: 'a', userData: { some: 'data' } })
    await core.append(range(100).map((index) => `block ${index}`))
    await core.truncate(50)
    await core.close()
    expect((await recordsOf(store)).length).toBeGreaterThan(before.length + 100)
    await store.delete({ name: 'a' })
    expect(await recordsOf(store)).toEqual(before)
  })

  test('is made anew when it is opened by its name: empty, and with the same key', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    const { key } = await write(store, 'a')
    await store.delete({ name: 'a' })
    const core = store.get({ name: 'a' })
    await core.ready()
    expect([hex(core.key), core.length, core.writable]).toEqual([hex(key), 0, true])
    await core.append('new block')
    await store.close()

    const again = openStoreAt(place).get({ name: 'a' })
    expect(text(await again.get(0))).toBe('new block')
    expect([hex(again.key), again.length]).toEqual([hex(key), 1])
  })

  test('is made anew whichever store of a family knew its name', async () => {
    const store = openStore()
    const namespace = store.namespace('n')
    const { key } = await write(namespace, 'a')
    expect(await store.delete(key)).toBe(true)
    const core = store.namespace('n').get({ name: 'a' })
    await core.append('new block')
    expect([hex(core.key), core.length, core.writable]).toEqual([hex(key), 1, true])
  })

  test('is deleted only where it is stored: a name of another namespace stays', async () => {
    const store = openStore()
    await write(store, 'a')
    const { key } = await write(store.namespace('n'), 'a')
    await store.delete({ name: 'a' })
    const core = store.namespace('n').get({ name: 'a' })
    await core.ready()
    expect([hex(core.key), core.length]).toEqual([hex(key), 1])
  })
})

describe('delete takes what get takes', () => {
  test.each(['key', 'hex', 'discoveryKey', 'name'])('%s', async (by) => {
    const store = openStore()
    const { key, discoveryKey } = await write(store, 'a')
    const ways = { key, hex: hex(key), discoveryKey: { discoveryKey }, name: { name: 'a' } }
    expect(await store.delete(ways[by as keyof typeof ways])).toBe(true)
    await expectGone(store, 'a', discoveryKey)
  })

  test('key pair and manifest', async () => {
    const store = openStore()
    const keyPair = await store.createKeyPair('a key pair')
    const core = store.get({ keyPair })
    await core.append('block')
    const { manifest } = core
    await core.close()
    expect(await store.delete({ keyPair })).toBe(true)
    const again = store.get({ keyPair })
    await again.append('block')
    await again.close()
    expect(await store.delete({ manifest })).toBe(true)
    expect(await listed(store.list())).toEqual([])
  })

  test('the name of a session with a primary key of its own', async () => {
    const store = openStore()
    const session = store.session({ primaryKey: bytes32(1) })
    await write(store, 'a')
    const { discoveryKey } = await write(session, 'a')
    expect(await session.delete({ name: 'a' })).toBe(true)
    await expectGone(session, 'a', discoveryKey)
    expect(await listed(store.list())).toHaveLength(1)
    expect(await store.delete({ name: 'a' })).toBe(true)
  })

  test('and says false for a core that is not stored, and stores none', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    expect(await store.delete(bytes32(1))).toBe(false)
    expect(await store.delete({ name: 'a' })).toBe(false)
    expect(await store.delete({ discoveryKey: bytes32(1) })).toBe(false)
    expect(await listed(store.list())).toEqual([])
    expect(store.cores.size).toBe(0)
  })

  test('but not nothing, nor what is wrong', async () => {
    const store = openStore()
    await expect(store.delete({})).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: 'delete takes a key, or one of name, key and discoveryKey',
    })
    await expect(store.delete(new Uint8Array(31))).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
    await expect(store.delete({ name: '' })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
  })
})

describe('a core with open sessions', () => {
  test('is not deleted: CORE_IN_USE, and it goes on working', async () => {
    const store = openStore()
    const core = store.get({ name: 'a' })
    await core.append('block')
    await expect(store.delete({ name: 'a' })).rejects.toMatchObject({
      code: 'CORE_IN_USE',
      message: `The core with discovery key ${hex(core.discoveryKey)} has open sessions: close them, or delete it with { force: true }`,
    })
    await core.append('another')
    expect(text(await core.get(0))).toBe('block')
    await core.close()
    expect(await store.delete({ name: 'a' })).toBe(true)
  })

  test.each([
    ['another store of the family', (store: Corestore) => store.session().get({ name: 'a' })],
    ['a snapshot', (store: Corestore) => store.get({ name: 'a' }).snapshot()],
    ['a session derived of one', (store: Corestore) => store.get({ name: 'a' }).session()],
    ['a named session', (store: Corestore) => store.get({ name: 'a' }).session({ name: 'draft' })],
  ])('counts those of %s', async (_, open) => {
    const store = openStore()
    await write(store, 'a')
    const session = open(store)
    await session.ready()
    for (const other of store.sessions.list()) if (other !== session) await other.close()
    await expect(store.delete({ name: 'a' })).rejects.toMatchObject({ code: 'CORE_IN_USE' })
    expect(await store.delete({ name: 'a' }, { force: true })).toBe(true)
    expect(session.closed).toBe(true)
  })

  test('counts one that is just opening', async () => {
    const store = openStore()
    const { key } = await write(store, 'a')
    const core = store.get(key)
    await expect(store.delete(key)).rejects.toMatchObject({ code: 'CORE_IN_USE' })
    expect(text(await core.get(0))).toBe('block')
  })

  test('does not count the ones that events and list() hand out', async () => {
    const store = openStore()
    const opened = next(store, 'core-open')
    await write(store, 'a')
    const [told] = await opened
    const closed = next(store, 'core-close')
    expect(store.list().size).toBe(1)
    expect(await store.delete({ name: 'a' })).toBe(true)
    await closed
    expect(told.closed).toBe(true)
  })

  test('is deleted with force, which closes them', async () => {
    const store = openStore()
    const session = store.session()
    const cores = [store.get({ name: 'a' }), session.get({ name: 'a' }), store.get({ name: 'a' }).session()]
    await Promise.all(cores.map((core) => core.append('block')))
    const { discoveryKey } = keysOf(store.get({ name: 'a' }))
    expect(await store.delete({ name: 'a' }, { force: true })).toBe(true)
    expect(cores.map((core) => core.closed)).toEqual([true, true, true])
    await expectGone(store, 'a', discoveryKey)
    await expect(cores[0]?.append('block')).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
  })

  test.each(['key', 'name'])(
    'is deleted with force, and is another one for a get by %s that follows',
    async (by) => {
      const store = openStore()
      const before = store.get({ name: 'a' })
      await before.append('block')
      const { key } = keysOf(before)
      const deleting = store.delete(key, { force: true })
      const after = store.get(by === 'name' ? { name: 'a' } : { key })
      await after.ready()
      expect(await deleting).toBe(true)
      expect([before.closed, after.closed, after.length]).toEqual([true, false, 0])
    },
  )

  test('is deleted with force while exclusive sessions wait for their turn', async () => {
    const store = openStore()
    const cores = range(3).map(() => store.get({ name: 'a', exclusive: true }))
    await cores[0]?.append('block')
    const { discoveryKey } = keysOf(cores[0] as (typeof cores)[number])
    expect(await store.delete({ name: 'a' }, { force: true })).toBe(true)
    expect(cores.map((core) => core.closed)).toEqual([true, true, true])
    await expectGone(store, 'a', discoveryKey)
  })

  test('is deleted with force while it is being written, and its writer is told', async () => {
    const store = openStore()
    const core = store.get({ name: 'a' })
    await core.append('block')
    const { discoveryKey } = keysOf(core)
    const appends = range(50).map((index) => core.append(`block ${index}`))
    const deleted = store.delete({ name: 'a' }, { force: true })
    const settled = await Promise.allSettled(appends)
    for (const append of settled) {
      if (append.status === 'rejected') expect(append.reason).toMatchObject({ code: 'SESSION_CLOSED' })
    }
    expect(await deleted).toBe(true)
    await expectGone(store, 'a', discoveryKey)
  })
})

describe('a get during a delete', () => {
  test.each(['name', 'key'])('waits, and gives the core anew: by %s', async (by) => {
    const store = openStore()
    const { key } = await write(store, 'a')
    const deleting = store.delete({ name: 'a' })
    const core = store.get(by === 'name' ? { name: 'a' } : { key })
    await Promise.all([deleting, core.ready()])
    expect(await deleting).toBe(true)
    expect([hex(core.key), core.length]).toEqual([hex(key), 0])
    expect(await store.storage.hasCore(keysOf(core).discoveryKey)).toBe(true)
  })

  test('waits wherever the delete has come to', async () => {
    const store = openStore()
    for (const turns of range(40)) {
      const { key } = await write(store, 'a')
      const deleting = store.delete({ name: 'a' }, { compact: false }).catch((error) => error.code)
      for (const _ of range(turns)) await new Promise(setImmediate)
      const core = store.get({ name: 'a' })
      await core.ready()
      expect(await deleting).toBe(true)
      expect([hex(core.key), core.length, core.writable]).toEqual([hex(key), 0, true])
      await core.close()
    }
  })

  test.each([
    ['name', false],
    ['name', true],
    ['key', false],
    ['key', true],
  ])('gives the core anew wherever a get by name has come to: deleted by %s, force %j', async (by, force) => {
    for (const ticks of range(12)) {
      const place = newPlace()
      const before = openStoreAt(place)
      const { key } = await write(before, 'a')
      await before.close()
      const store = openStoreAt(place)
      await store.ready()
      const core = store.get({ name: 'a' })
      for (const _ of range(ticks)) await null
      const deleting = store.delete(by === 'name' ? { name: 'a' } : key, { force }).catch(({ code }) => code)
      await core.ready()
      // Without force, one that is open already is left alone.
      const expected = (await deleting) === 'CORE_IN_USE' && !force ? 1 : 0
      expect([hex(core.key), core.length, core.writable]).toEqual([hex(key), expected, true])
      await core.append('new')
      await store.close()
    }
  })

  test('gives the core anew also if it has looked the name up before', async () => {
    const place = newPlace()
    const before = openStoreAt(place)
    const { key } = await write(before, 'a')
    await before.close()
    const store = openStoreAt(place)
    const { storage } = store
    const getAlias = storage.getAlias.bind(storage)
    let deleted: Promise<boolean> | null = null
    storage.getAlias = async (alias) => {
      const found = await getAlias(alias)
      deleted ??= store.delete(key)
      await deleted
      return found
    }
    const core = store.get({ name: 'a' })
    await core.ready()
    expect(await deleted).toBe(true)
    expect([hex(core.key), core.length, core.writable]).toEqual([hex(key), 0, true])
  })

  test('looks a name up once, whatever other cores are deleted meanwhile', async () => {
    const place = newPlace()
    const before = openStoreAt(place)
    const { key } = await write(before, 'a')
    await before.close()
    const store = openStoreAt(place)
    const { storage } = store
    const getAlias = storage.getAlias.bind(storage)
    let lookUps = 0
    storage.getAlias = async (alias) => {
      const found = await getAlias(alias)
      const other = store.get(bytes32(++lookUps))
      await other.close()
      if (lookUps < 10) await store.delete(bytes32(lookUps))
      return found
    }
    const core = store.get({ name: 'a' })
    await core.ready()
    expect([hex(core.key), core.length, lookUps]).toEqual([hex(key), 1, 1])
  })

  test('is refused for a discovery key, which nothing can be made of', async () => {
    const store = openStore()
    const { discoveryKey } = await write(store, 'a')
    const deleting = store.delete({ name: 'a' })
    await expect(store.get({ discoveryKey }).ready()).rejects.toMatchObject({ code: 'STORAGE_EMPTY' })
    expect(await deleting).toBe(true)
  })

  test('of other cores goes on', async () => {
    const store = openStore()
    await write(store, 'a')
    await write(store, 'b')
    const deleting = store.delete({ name: 'a' })
    expect(text(await store.get({ name: 'b' }).get(0))).toBe('block')
    expect(await deleting).toBe(true)
  })
})

test('many deletes of one core at once delete it once', async () => {
  const store = openStore()
  await write(store, 'a')
  const deleted = await Promise.all(range(5).map(() => store.delete({ name: 'a' })))
  expect(deleted.filter((each) => each)).toHaveLength(1)
})

test('a store that closes during a delete is closed when that is done', async () => {
  const place = newPlace()
  const store = openStoreAt(place)
  const { discoveryKey } = await write(store, 'a')
  const deleting = store.delete({ name: 'a' }).catch((error) => error.code)
  await store.close()
  const deleted = await deleting
  const again = openStoreAt(place)
  await again.ready()
  if (deleted === true) await expectGone(again, 'a', discoveryKey)
  else {
    expect(deleted).toBe('SESSION_CLOSED')
    expect(text(await again.get({ name: 'a' }).get(0))).toBe('block')
  }
})

test('named sessions of a core are deleted with it', async () => {
  const store = openStore()
  const core = store.get({ name: 'a' })
  await core.append('block')
  const before = await recordsOf(store)
  const drafts = ['one', 'two'].map((name) => core.session({ name }))
  for (const draft of drafts) {
    await draft.append(['draft', 'of more'])
    await draft.close()
  }
  await core.close()
  expect((await recordsOf(store)).length).toBeGreaterThan(before.length)
  await store.delete({ name: 'a' })
  expect(await recordsOf(store)).toHaveLength(1) // the store's own head

  const again = store.get({ name: 'a' })
  const draft = again.session({ name: 'one' })
  await draft.ready()
  expect(draft.length).toBe(0)
})

test('a core that is deleted is no longer in its group, whose other cores stay', async () => {
  const store = openStore()
  const topic = bytes32(5)
  const cores = ['a', 'b'].map((name) => store.get({ name, group: topic }))
  for (const core of cores) {
    await core.append('block')
    await core.close()
  }
  const handle = store.notifyGroup(topic)
  expect(await listed(handle.updates())).toHaveLength(2)
  await store.delete({ name: 'a' })
  expect(await listed(handle.updates())).toEqual([hex(cores[1]?.key ?? null)])
})

describe('of a core and its static copy', () => {
  test.each(['copy', 'original'] as const)('the other one stays when the %s is deleted', async (deleted) => {
    const place = newPlace()
    const store = openStoreAt(place)
    const core = store.get({ name: 'a' })
    await core.append(['first', 'second'])
    const copy = await store.staticify(core)
    const keys = { copy: keysOf(copy), original: keysOf(core) }
    await Promise.all([core.close(), copy.close()])
    expect(await store.delete({ discoveryKey: keys[deleted].discoveryKey })).toBe(true)
    await store.close()

    const again = openStoreAt(place)
    const kept = keys[deleted === 'copy' ? 'original' : 'copy'].discoveryKey
    expect(await listed(again.list())).toEqual([hex(kept)])
    const rest = again.get({ discoveryKey: kept })
    expect(text(await rest.get(1))).toBe('second')
    await rest.close()
    expect(await again.delete({ discoveryKey: kept })).toBe(true)
    expect(await recordsOf(again)).toHaveLength(1)
  })
})

describe('a core that peers replicate', () => {
  test('is deleted, and they get no more of it', async () => {
    const writer = openStore()
    const written = writer.get({ name: 'a' })
    await written.append(['first', 'second'])
    const { key, discoveryKey } = keysOf(written)
    await written.close()
    const other = await write(writer, 'other')
    const reader = openStore()
    connect(writer, reader)
    const copy = reader.get(key)
    await reads(copy, 'first', 0)

    expect(await writer.delete({ name: 'a' })).toBe(true)
    await expectGone(writer, 'a', discoveryKey)
    const second = copy.get(1).catch((error: unknown) => error)
    // What was asked for later has come.
    await reads(reader.get(other.key), 'block')
    expect(await copy.has(1)).toBe(false)
    expect(text(await copy.get(0))).toBe('first')
    await reader.close()
    expect(await second).toBeInstanceOf(Error)
  })

  test('replicates again once it is made anew', async () => {
    const writer = openStore()
    const { key } = await write(writer, 'a')
    const reader = openStore()
    connect(writer, reader)
    const copy = reader.get(key)
    await reads(copy, 'block')
    await writer.delete({ name: 'a' })
    await copy.close()
    await reader.delete(key)

    await writer.get({ name: 'a' }).append('new block')
    await reads(reader.get(key), 'new block')
  })

  test('is deleted at the reader, and can be downloaded again', async () => {
    const writer = openStore()
    const { key } = await write(writer, 'a')
    const reader = openStore()
    connect(writer, reader)
    const copy = reader.get(key)
    await reads(copy, 'block')
    await expect(reader.delete(key)).rejects.toMatchObject({ code: 'CORE_IN_USE' })
    expect(await reader.delete(key, { force: true })).toBe(true)
    expect(await listed(reader.list())).toEqual([])
    await reads(reader.get(key), 'block')
  })

  test('can be deleted while they ask for it again and again', async () => {
    const writer = openStore({ cacheSize: 0 })
    const { key, discoveryKey } = await write(writer, 'a')
    const reader = openStore({ cacheSize: 0 })
    connect(writer, reader)
    let asking = true
    const asked = (async () => {
      while (asking) {
        const copy = reader.get(key)
        await copy.get(0, { timeout: 20 }).catch(() => {})
        await copy.close()
        await reader.delete(key, { compact: false }).catch(() => {})
      }
    })()
    await next(writer, 'core-open')
    expect(await writer.delete({ name: 'a' })).toBe(true)
    asking = false
    await asked
    // One that was asked for during the delete may just be found not to be there.
    await until(() => writer.cores.get(discoveryKey) === null)
    await expectGone(writer, 'a', discoveryKey)
  })
})

describe('a store that is', () => {
  test('read-only deletes nothing', async () => {
    const place = newPlace()
    const store = openStoreAt(place)
    await write(store, 'a')
    const session = store.session({ readOnly: true })
    const refused = { code: 'READ_ONLY', message: 'The store is read-only: it cannot delete cores' }
    await expect(session.delete({ name: 'a' })).rejects.toMatchObject(refused)
    await store.close()

    const before = await place.content()
    const readOnly = openStoreAt(place, { readOnly: true })
    await expect(readOnly.delete({ name: 'a' })).rejects.toMatchObject(refused)
    expect(text(await readOnly.get({ name: 'a' }).get(0))).toBe('block')
    await readOnly.close()
    expect(await place.content()).toEqual(before)
  })

  test('closed deletes nothing', async () => {
    const store = openStore()
    await store.close()
    await expect(store.delete({ name: 'a' })).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
  })
})

/** Writes a named core of one block, and closes it. */
async function write(store: Corestore, name: string): Promise<{ key: Uint8Array; discoveryKey: Uint8Array }> {
  const core = store.get({ name })
  await core.append('block')
  await core.close()
  return keysOf(core)
}

async function expectGone(store: Corestore, name: string, discoveryKey: Uint8Array): Promise<void> {
  expect(await store.storage.hasCore(discoveryKey)).toBe(false)
  for await (const stored of store.stored({ namespace: store.ns })) expect(stored.name).not.toBe(name)
  expect(await store.getAuth(discoveryKey)).toBe(null)
  expect(await listed(store.list())).not.toContain(hex(discoveryKey))
  expect(store.cores.get(discoveryKey)).toBe(null)
  await expect(store.get({ discoveryKey }).ready()).rejects.toMatchObject({ code: 'STORAGE_EMPTY' })
}

/** The keys of all records in the database, in hex. */
async function recordsOf(store: Corestore): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.storage.db.iterator({})) keys.push(hex(key))
  return keys
}
