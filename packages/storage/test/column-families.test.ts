import type { CorestoreStorage, StorageDatabase } from '@coreyard/hypercore-types'
import Corestore7 from 'corestore-7'
import Hypercore from 'hypercore'
import { describe, expect, it } from 'vitest'
import { convert, memoryStorage, type StorageArgument, storedCores } from '../src/index.js'
import { PLACES, type Place } from './convert/stores.js'
import { emptyDirectory, engineOf } from './directories.js'
import { Bytes, LateStorage } from './storages.js'

const ALL_PLACES: readonly (readonly [string, () => Place])[] = [
  ...PLACES,
  [
    'a storage of its own',
    () => {
      const bytes = new Bytes()
      return { argument: () => new LateStorage(bytes) }
    },
  ],
]

async function put(session: StorageDatabase, key: string, value: string): Promise<void> {
  const batch = session.write()
  batch.tryPut(Buffer.from(key), Buffer.from(value))
  await batch.flush()
  batch.destroy()
}

async function entriesOf(session: StorageDatabase): Promise<Record<string, string>> {
  const entries: Record<string, string> = {}
  for await (const { key, value } of session.iterator()) {
    entries[Buffer.from(key).toString()] = Buffer.from(value).toString()
  }
  return entries
}

/** What an app keeps beside the cores, in three families. */
async function fill(storage: CorestoreStorage): Promise<void> {
  const [app, longer, unnamed] = sessionsOf(storage)
  await Promise.all([app, longer, unnamed].map((session) => session.ready()))
  await put(app, 'a', 'of app')
  await put(app, '\u0000', 'first')
  await put(longer, 'a', 'of apps')
  await put(unnamed, 'a', 'of no name')
  await put(app, 'removed', 'x')
  const batch = app.write()
  batch.tryDeleteRange(Buffer.from('r'), Buffer.from('s'))
  await batch.flush()
  batch.destroy()
  for (const session of [app, longer, unnamed]) await session.close()
  const core = new Hypercore(storage)
  await core.append('block')
  await core.close() // with the storage
}

function sessionsOf({ rocks }: CorestoreStorage): [StorageDatabase, StorageDatabase, StorageDatabase] {
  return [rocks.columnFamily('app'), rocks.columnFamily('apps'), rocks.session()]
}

async function expectFilled(storage: CorestoreStorage): Promise<void> {
  const sessions = sessionsOf(storage)
  await storage.ready()
  expect(await Promise.all(sessions.map(entriesOf))).toEqual([
    { '\u0000': 'first', a: 'of app' },
    { a: 'of apps' },
    { a: 'of no name' },
  ])
  for (const session of sessions) await session.close()
  const lengths: number[] = []
  for await (const { length } of storedCores(storage)) lengths.push(length)
  expect(lengths).toEqual([1])
}

describe.each(ALL_PLACES)('column families of other programs on %s', (_, make) => {
  it('are apart from the records of the store and from one another, after a restart, too', async () => {
    const { argument, options } = make()
    const first = engineOf(argument, options)
    await first.open()
    const before = await entriesOf(first.storage.db)
    await first.close()
    const empty = engineOf(argument, options)
    const sessions = sessionsOf(empty.storage)
    await empty.open()
    expect(await Promise.all(sessions.map(entriesOf))).toEqual([{}, {}, {}])
    await put(sessions[0], 'a', 'value')
    expect(await entriesOf(empty.storage.db)).toEqual(before)
    const batch = sessions[0].write()
    batch.tryDeleteRange(Buffer.from([]), Buffer.from([0xff]))
    await batch.flush()
    batch.destroy()
    expect(await entriesOf(sessions[0])).toEqual({})
    expect(await entriesOf(empty.storage.db)).toEqual(before)
    for (const session of sessions) await session.close()
    await empty.close()

    const second = engineOf(argument, options)
    await fill(second.storage)
    await second.close()
    const third = engineOf(argument, options)
    await expectFilled(third.storage)
    await third.close()
    // Without any use of them.
    await engineOf(argument, options).open()
  })

  it.each(PLACES)('are carried by a conversion to %s', async (__, destination) => {
    const from = make()
    const engine = engineOf(from.argument, from.options)
    await fill(engine.storage)
    await engine.close()
    const to = destination()
    const options = { from: from.options, to: to.options }
    const converted = await convert(from.argument, to.argument, options)
    expect(await convert(from.argument, to.argument, options)).toEqual({ ...converted, written: 0 })
    const again = engineOf(to.argument, to.options)
    await expectFilled(again.storage)
    await again.close()
  })
})

it('the records of the store are the column family that hypercore-storage calls corestore', async () => {
  const storage: StorageArgument = memoryStorage()
  const engine = engineOf(storage)
  await engine.open()
  const records = await entriesOf(engine.storage.db)
  expect(await entriesOf(engine.storage.rocks.columnFamily('corestore'))).toEqual(records)
})

it.each([[''], ['x'.repeat(256)], [null], [{}]])('a column family has a name: not %j', async (name) => {
  const engine = engineOf(memoryStorage())
  await engine.open()
  expect(() => engine.storage.rocks.columnFamily(name as string)).toThrow(
    expect.objectContaining({ code: 'BAD_ARGUMENT' }),
  )
})

it('a directory of Corestore 7 in which an app keeps a column family opens', async () => {
  const directory = emptyDirectory()
  const store = new Corestore7(directory)
  const { storage } = store as unknown as { storage: CorestoreStorage }
  const app = storage.rocks.columnFamily('app')
  await store.ready()
  await put(app, 'a', 'value')
  await app.close()
  await store.close()
  const engine = engineOf(directory)
  const again = engine.storage.rocks.columnFamily('app')
  await engine.open()
  expect(await entriesOf(again)).toEqual({ a: 'value' })
  await again.close()
  await engine.close()
  await engineOf(directory).open()
  await engineOf(directory, { readOnly: true }).open()
})
