// Through a read-only store nothing is written to a core, whatever way a caller finds. What the store itself refuses is in
// spec/read-only.test.ts.

import type { Hypercore } from '@coreyard/hypercore-types'
import Hypercore_ from 'hypercore'
import { describe, expect, test } from 'vitest'
import type { Corestore, GetOptions } from '../../src/index.js'
import { bytes32, hex, text } from '../helpers/bytes.js'
import { keysOf, openStore, openStoreAt, range } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'
import { recordsOf } from '../helpers/records.js'
import { errorOf } from '../helpers/working-store.js'

const NOT_WRITABLE = { code: 'SESSION_NOT_WRITABLE' }

/** Everything that writes through a session of a core. */
const writes: [string, (core: Hypercore) => unknown][] = [
  ['append', (core) => core.append('more')],
  ['truncate', (core) => core.truncate(1)],
  ['truncate to nothing in the same fork', (core) => core.truncate(0, { fork: 0 })],
  ['clear', (core) => core.clear(0)],
  ['clear a range', (core) => core.clear(0, 2)],
  ['setUserData', (core) => core.setUserData('key', 'value')],
  ['setGroup', (core) => core.setGroup(bytes32(1))],
  ['purge', (core) => core.purge()],
  ['compact', (core) => core.compact()],
  ['markBlock', (core) => core.markBlock(0)],
  ['clearMarkings', (core) => core.clearMarkings()],
  ['startMarking', (core) => core.startMarking()],
  ['sweep', (core) => core.sweep()],
  ['recover', (core) => core.recover()],
  ['a write stream', (core) => finished(core.createWriteStream())],
  ['a new named session', (core) => core.session({ name: 'new' }).ready()],
  ['a new named session that starts anew', (core) => core.session({ name: 'new', overwrite: true })],
  ['a session with user data', (core) => core.session({ userData: { key: 'value' } })],
  [
    'a session of an atom',
    (core) => core.session({ atom: (core.state as never as State).storage.createAtom() }),
  ],
]

/** The ways to come by a session of the core named `a`, in a store that is read-only. */
const ways: [string, (store: Corestore, key: Uint8Array) => Hypercore][] = [
  ['get by name', (store) => store.get({ name: 'a' })],
  ['get by key', (store, key) => store.get(key)],
  ['get by discovery key', (store, key) => store.get({ discoveryKey: Hypercore_.discoveryKey(key) })],
  ['get with writable: true', (store, key) => store.get({ key, writable: true })],
  ['get with preload', (store) => store.get({ preload: async () => ({ name: 'a', writable: true }) })],
  ['get with the key pair', (store, key) => store.get({ key, keyPair: store.get(key).keyPair as never })],
  ['a namespace', (store, key) => store.namespace('n').get(key)],
  [
    'a session that says writable',
    (store, key) => store.session({ writable: true, readOnly: false }).get(key),
  ],
  ['a derived session', (store) => store.get({ name: 'a' }).session({ writable: true })],
  ['a derived session of that', (store, key) => store.get(key).session().session({ writable: true })],
  ['a snapshot', (store, key) => store.get(key).snapshot({ writable: true })],
  ['a session of a snapshot', (store, key) => store.get(key).snapshot().session({ writable: true })],
]

describe.each(ways)('a session of a read-only store, by %s', (_, way) => {
  test.each([
    ['of a store that is open for writing', false],
    ['of a store of its own', true],
  ])('reads, and writes nothing: %s', async (__, isRoot) => {
    const place = newPlace()
    const writer = openStoreAt(place)
    const written = writer.get({ name: 'a' })
    await written.append(['0', '1'])
    await written.session({ name: 'draft' }).append('draft')
    const { key } = keysOf(written)
    if (isRoot) await writer.close()
    const store = isRoot ? openStoreAt(place, { readOnly: true }) : writer.session({ readOnly: true })
    await store.get(key).ready()
    const core = way(store, key)
    await core.ready()
    const before = await recordsOf(store)

    for (const [what, write] of writes) {
      await expect(
        attempt(() => write(core)),
        what,
      ).rejects.toMatchObject(NOT_WRITABLE)
    }
    expect(core.writable).toBe(false)
    expect(await Promise.all([core.get(0), core.get(1)]).then((blocks) => blocks.map(text))).toEqual([
      '0',
      '1',
    ])
    const draft = core.session({ name: 'draft', writable: true })
    expect(text(await draft.get(2))).toBe('draft')
    await expect(draft.append('more')).rejects.toMatchObject(NOT_WRITABLE)
    expect(await recordsOf(store)).toEqual(before)
  })
})

describe('a read-only session of a store', () => {
  test('lists cores and tells of them with sessions that do not write either', async () => {
    const store = openStore()
    const session = store.session({ readOnly: true })
    const opened: Hypercore<unknown>[] = []
    const closed: Hypercore<unknown>[] = []
    session.on('core-open', (core) => opened.push(core))
    session.on('core-close', (core) => closed.push(core))
    const told = new Promise((resolve) => store.once('core-open', resolve))
    const core = store.get({ name: 'a' })
    await core.append('block')
    await told
    const listed = session.list().get(hex(core.discoveryKey))
    for (const handle of [listed, ...opened]) {
      await handle?.ready()
      expect(handle?.writable).toBe(false)
      await expect(attempt(() => handle?.setUserData('key', 'value'))).rejects.toMatchObject(NOT_WRITABLE)
    }
    expect(opened).toEqual([listed])
    expect(store.list().get(hex(core.discoveryKey))?.writable).toBe(true)
    await core.close()
    await store.delete({ name: 'a' })
    expect(closed).toEqual([listed])
  })

  test('leaves the sessions of others writable', async () => {
    const store = openStore()
    const written = store.get({ name: 'a' })
    await written.append(['0', '1'])
    const read = store.session({ readOnly: true }).get({ name: 'a' })
    await read.ready()
    await written.setUserData('key', 'value')
    await written.clear(0)
    await written.append('2')
    expect([read.length, text(await read.getUserData('key'))]).toEqual([3, 'value'])
    expect(await read.has(0)).toBe(false)
  })

  test('refuses options of get that write', async () => {
    const store = openStore()
    await store.get({ name: 'a' }).append('block')
    const session = store.session({ readOnly: true })
    const refused: GetOptions[] = [
      { name: 'a', overwrite: true },
      { name: 'a', userData: { key: 'value' } },
    ]
    for (const options of refused) {
      expect(errorOf(() => session.get(options))).toMatchObject({ code: 'READ_ONLY' })
      const later = session.get({ preload: async () => options })
      await expect(later.ready()).rejects.toMatchObject({ code: 'READ_ONLY' })
    }
    const before = await recordsOf(store)
    await session.get({ name: 'a', group: bytes32(1), manifest: null }).ready()
    await expect(session.delete({ name: 'a' })).rejects.toMatchObject({ code: 'READ_ONLY' })
    await expect(session.staticify(store.get({ name: 'a' }))).rejects.toMatchObject({ code: 'READ_ONLY' })
    expect(await recordsOf(store)).toEqual(before)
    expect(text(await session.get({ name: 'a' }).get(0))).toBe('block')
  })

  test('takes defaults of the store that write, and does not write them', async () => {
    const store = openStore()
    const { key } = keysOf(store.get())
    await store.get(key).ready()
    const session = store.session({ readOnly: true, group: bytes32(1), userData: { key: 'value' } })
    const core = session.get(key)
    await core.ready()
    expect(await core.getUserData('key')).toBe(null)
    expect(await store.storage.getGroup(bytes32(1))).toBe(null)
  })
})

describe('a get that makes no core', () => {
  const ways: [string, (store: Corestore, key: Uint8Array) => Hypercore][] = [
    ['of a read-only session', (store, key) => store.session({ readOnly: true }).get(key)],
    ['with createIfMissing: false', (store, key) => store.get({ key, createIfMissing: false })],
  ]

  test.each(ways)('does not make one fail that does, at the same moment: %s', async (_, way) => {
    for (const round of range(20)) {
      const store = openStore()
      if (round % 2 === 0) await store.ready()
      const key = bytes32(round)
      const failing = round % 4 < 2 ? [way(store, key)] : []
      const core = store.get(key)
      if (round % 4 >= 2) failing.push(way(store, key))
      const outcomes = await Promise.allSettled([core.ready(), ...failing.map((each) => each.ready())])
      expect(outcomes[0]?.status).toBe('fulfilled')
      await core.close()
    }
  })

  test.each(ways)('has its key at once, and says that nothing is stored: %s', async (_, way) => {
    const store = openStore()
    const core = way(store, bytes32(1))
    expect(hex(core.key)).toBe(hex(bytes32(1)))
    expect(hex(core.discoveryKey)).toBe(hex(Hypercore_.discoveryKey(bytes32(1))))
    expect(core.id).toHaveLength(52)
    await expect(core.ready()).rejects.toMatchObject({ code: 'STORAGE_EMPTY' })
    await store.get(bytes32(1)).ready()
    await way(store, bytes32(1)).ready()
  })

  test('by name does not make one by the key of that name fail', async () => {
    const store = openStore()
    const keyPair = await store.createKeyPair('a')
    const failing = store.get({ name: 'a', createIfMissing: false })
    const core = store.get({ keyPair })
    await Promise.allSettled([failing.ready(), core.ready()])
    expect(core.opened).toBe(true)
  })
})

interface State {
  readonly storage: { createAtom(): never }
}

async function attempt(call: () => unknown): Promise<unknown> {
  return call()
}

function finished(stream: ReturnType<Hypercore['createWriteStream']>): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.on('error', reject)
    stream.on('close', resolve)
    stream.write('more' as never)
    stream.end()
  })
}
