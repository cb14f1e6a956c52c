import type { CorestoreStorage } from '@coreyard/hypercore-types'
import Corestore7 from 'corestore-7'
import { describe, expect, it } from 'vitest'
import { memoryStorage, type StorageArgument } from '../src/index.js'
import { emptyDirectory } from './directories.js'
import { engineOf } from './engines.js'
import { entriesOf, expectFilled, fill, put, sessionsOf } from './families.js'
import { PLACES, type Place } from './places.js'
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

describe.each(ALL_PLACES)('column families of other programs on %s', (_, make) => {
  it('are separate from the records of the store and from one another, also after a restart', async () => {
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
