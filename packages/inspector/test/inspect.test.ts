// `inspect`: what one picture of a store holds.

import { Corestore } from '@coreyard/corestore'
import { expect, onTestFinished, test } from 'vitest'
import { inspect } from '../src/index.js'
import { connect, hex, keyOf, newDirectory, openStore, seen, write } from './stores.js'

test('an open core is shown with its name, keys, lengths and the blocks that are here', async () => {
  const store = openStore()
  const core = await write(store, 'chat', 3)
  const { cores } = await inspect(store)
  expect(cores).toMatchObject([
    {
      name: 'chat',
      nameIsHex: false,
      namespace: hex(store.ns),
      key: hex(core.key),
      discoveryKey: hex(core.discoveryKey),
      state: 'open',
      writable: true,
      active: true,
      encrypted: false,
      group: null,
      length: 3,
      byteLength: core.byteLength,
      fork: 0,
      contiguousLength: 3,
      ranges: [[0, 3]],
      hasMoreRanges: false,
      progress: { total: 3, have: 3, want: 0, wanted: 0 },
      sessions: 1,
      peers: 0,
      errors: 0,
      conflict: null,
    },
  ])
  expect(Date.now() - (cores[0]?.lastWritten ?? 0)).toBeLessThan(600_000)
})

test('a picture survives JSON as it is', async () => {
  const store = openStore()
  await write(store, 'chat')
  const picture = await inspect(store, { stored: true })
  expect(JSON.parse(JSON.stringify(picture))).toEqual(picture)
})

test('blocks that are missing leave gaps in the ranges of a core', async () => {
  const store = openStore()
  const core = await write(store, 'chat', 10)
  await core.clear(2, 4)
  await core.clear(7)
  const { cores } = await inspect(store)
  expect(cores[0]).toMatchObject({
    contiguousLength: 2,
    ranges: [
      [0, 2],
      [4, 7],
      [8, 10],
    ],
    hasMoreRanges: false,
    progress: { total: 10, have: 7 },
  })
})

test('of a core with thousands of gaps the first ranges are shown, and that there are more', async () => {
  const store = openStore()
  const core = await write(store, 'chat', 1000)
  for (let index = 0; index < 1000; index += 2) await core.clear(index)
  const { cores } = await inspect(store)
  expect(cores[0]?.ranges).toHaveLength(64)
  expect(cores[0]).toMatchObject({ hasMoreRanges: true, progress: { have: 500 } })
})

test('a name that is no text is shown in hex', async () => {
  const store = openStore()
  await store.get({ name: Buffer.from([0xff, 0x00]) }).append('block')
  const { cores } = await inspect(store)
  expect(cores[0]).toMatchObject({ name: 'ff00', nameIsHex: true, namespace: hex(store.ns) })
})

test('an encrypted core is shown as encrypted, and one without sessions as not known', async () => {
  const store = openStore()
  const core = store.get({ name: 'secret', encryption: { key: Buffer.alloc(32, 1) } })
  await core.append('block')
  expect((await inspect(store)).cores[0]?.encrypted).toBe(true)
  await core.close()
  expect((await inspect(store)).cores[0]).toMatchObject({ encrypted: null, sessions: 0 })
})

test('cores that are not open are shown from their records alone', async () => {
  const directory = newDirectory()
  const before = new Corestore(directory)
  const names = ['a', 'b', 'c']
  for (const name of names) await write(before, name, 4)
  await before.close()

  const store = new Corestore(directory)
  onTestFinished(() => store.close())
  await write(store, 'b')
  const { cores } = await inspect(store, { stored: true })
  expect(store.cores.size).toBe(1)
  const shown = cores.map(({ name, state, length, progress, writable }) => [
    name,
    state,
    length,
    progress.have,
    writable,
  ])
  expect(shown.sort()).toEqual([
    ['a', 'stored', 4, 4, true],
    ['b', 'open', 5, 5, true],
    ['c', 'stored', 4, 4, true],
  ])
  const [stored] = cores.filter(({ name }) => name === 'a')
  expect(stored?.byteLength).toBe(4 * 'block 0'.length)
})

test('without the option stored, only open cores are shown', async () => {
  const store = openStore({ idleTimeout: 0 })
  const core = await write(store, 'a')
  await core.close()
  await seen(store, ({ picture }) => picture.cores.length === 0)
  expect((await inspect(store)).cores).toEqual([])
  expect((await inspect(store, { stored: true })).cores).toHaveLength(1)
})

test('a session shows the store that it is of', async () => {
  const store = openStore()
  await write(store, 'a')
  const session = store.namespace('other')
  const [own, whole] = await Promise.all([inspect(session), inspect(store)])
  expect(own.cores).toEqual(whole.cores)
  expect(own.store.stores).toBe(1)
})

test('a store in a directory is shown with its engine, its place and its space', async () => {
  const directory = newDirectory()
  const store = new Corestore(directory, { engine: 'random-access', cacheSize: 10 })
  onTestFinished(() => store.close())
  await write(store, 'a')
  const { store: own } = await inspect(store)
  expect(own).toMatchObject({
    state: 'open',
    engine: 'random-access',
    directory,
    readOnly: false,
    suspended: false,
    doubt: null,
    open: 1,
    waiting: 0,
    limits: [
      { name: 'cores in use by peers', value: 0, limit: 64 },
      { name: 'idle cores', value: 0, limit: 10 },
    ],
  })
  expect(own.disk?.used).toBeGreaterThan(0)
  expect(own.disk?.free).toBeGreaterThan(0)
})

test('a store in memory has no place, and a RocksDB says that it is one', async () => {
  const memory = openStore()
  expect((await inspect(memory)).store).toMatchObject({
    engine: 'random-access',
    directory: null,
    disk: null,
  })
  const rocks = new Corestore(newDirectory())
  onTestFinished(() => rocks.close())
  expect((await inspect(rocks)).store).toMatchObject({ engine: 'rocksdb', state: 'open' })
})

test('a group is shown with the progress of its cores', async () => {
  const store = openStore()
  const group = Buffer.alloc(32, 7)
  await store.get({ name: 'a', group }).append(['1', '2'])
  await store.get({ name: 'b', group }).append('3')
  await write(store, 'alone')
  const { groups, store: own } = await inspect(store)
  expect(groups).toEqual([
    { topic: hex(group), cores: 2, progress: { total: 3, have: 3, want: 0, wanted: 0 } },
  ])
  expect(own.progress).toEqual({ total: 4, have: 4, want: 0, wanted: 0 })
})

test('a suspended store is shown without reading it, and its records are refused', async () => {
  const store = new Corestore(newDirectory())
  onTestFinished(() => store.close())
  await write(store, 'a')
  await store.suspend()
  const { store: own, cores } = await inspect(store)
  expect(own).toMatchObject({ suspended: true, disk: null })
  expect(cores).toMatchObject([{ length: 1 }])
  await expect(inspect(store, { stored: true })).rejects.toMatchObject({ code: 'STORE_SUSPENDED' })
})

test('a core that is deleted while it is looked at is in no further picture', async () => {
  const store = openStore()
  for (const name of ['a', 'b']) await write(store, name)
  const [picture] = await Promise.all([
    inspect(store, { stored: true }),
    store.delete({ name: 'a' }, { force: true }),
  ])
  expect(picture.cores.length).toBeLessThanOrEqual(2)
  expect((await inspect(store, { stored: true })).cores).toMatchObject([{ name: 'b' }])
})

test('inspecting opens no core, makes no session and leaves the store as it was', async () => {
  const store = openStore({ idleTimeout: 0 })
  const core = await write(store, 'a')
  await core.close()
  await seen(store, ({ picture }) => picture.cores.length === 0)
  const opened: unknown[] = []
  store.on('core-open', (open) => opened.push(open))
  await inspect(store, { stored: true })
  expect(opened).toEqual([])
  expect(store.cores.size).toBe(0)
})

test.each([
  ['no store', null, 'not null'],
  ['an object', {}, 'not an object'],
  ['a text', 'store', 'not a string'],
])('%s is refused', async (_, store, message) => {
  const inspecting = inspect(store as unknown as Corestore)
  await expect(inspecting).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
    message: expect.stringContaining(message),
  })
})

test.each([
  [{ stored: 1 }, 'stored must be true or false'],
  [{ stord: true }, "did you mean 'stored'"],
  [null, 'options must be an object'],
])('the options %j are refused', async (options, message) => {
  const inspecting = inspect(openStore(), options as never)
  await expect(inspecting).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
    message: expect.stringContaining(message),
  })
})

test('inspect rejects with STORE_CLOSED for a store that is closed or closes meanwhile', async () => {
  const store = openStore()
  await write(store, 'a')
  const inspecting = inspect(store, { stored: true }).catch((error: { code: string }) => error.code)
  await store.close()
  expect(['STORE_CLOSED', 'object']).toContain(
    typeof (await inspecting) === 'string' ? await inspecting : 'object',
  )
  await expect(inspect(store)).rejects.toMatchObject({ code: 'STORE_CLOSED' })
})

test('a peer that replicates is shown with its stream, its cores and what it has', async () => {
  const writer = openStore()
  const reader = openStore()
  const core = await write(writer, 'chat', 5)
  const copy = reader.get(keyOf(core))
  const [near] = connect(writer, reader)
  await copy.get(0)
  await seen(writer, ({ picture }) => picture.peers[0]?.cores[0]?.state === 'attached')

  const { peers } = await inspect(reader)
  expect(peers).toMatchObject([
    {
      publicKey: hex(near.noiseStream.publicKey),
      streams: [{ handshake: true, isInitiator: false, roundTrip: null, address: null }],
      cores: [
        { discoveryKey: hex(core.discoveryKey), state: 'attached', length: 5, fork: 0, uploading: true },
      ],
      refused: [],
      progress: { total: 5 },
    },
  ])
  expect(peers[0]?.streams[0]?.received).toBeGreaterThan(0)
})
