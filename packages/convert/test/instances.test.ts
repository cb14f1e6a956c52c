// Conversions from and to a hypercore-storage instance: what is in its column families comes along.
import { memoryStorage, type StorageEngine } from '@coreyard/storage'
import HypercoreStorage from 'hypercore-storage'
import { describe, expect, test } from 'vitest'
import { copyOf, emptyDirectory } from '../../storage/test/directories.js'
import * as families from '../../storage/test/families.js'
import { convert } from '../src/index.js'
import { engineOf } from './engines.js'
import { fill, PLACES, type Place } from './stores.js'

const DIRECTORIES = PLACES.filter(([name]) => name !== 'memory')

/** An open engine over a copied directory: its cores are in doubt. */
async function openCopy(makePlace: () => Place): Promise<StorageEngine> {
  const place = makePlace()
  await fill(place)
  const original = await begin(engineOf(place.argument, place.options))
  await original.continuity.end()
  await original.close()
  const copy = copyOf(String(place.argument))
  return begin(engineOf(copy, { ...place.options, allowBackup: true }))
}

async function begin(engine: StorageEngine): Promise<StorageEngine> {
  await engine.open()
  await engine.continuity.begin()
  return engine
}

describe.each(DIRECTORIES)('an open instance on %s', (_, makePlace) => {
  test('is still a copy after a conversion when it was one', async () => {
    const source = await openCopy(makePlace)
    const to = memoryStorage()
    await convert(source.storage, to)
    const { continuity } = await begin(engineOf(to))
    expect([await continuity.doubtOf(0), continuity.isCopy]).toEqual(['strict', true])
  })
})

describe.each(PLACES)('the column families of an open instance on %s', (_, makePlace) => {
  test.each(PLACES)('are carried by a conversion to %s', async (__, destination) => {
    const { argument, options } = makePlace()
    const first = engineOf(argument, options)
    await families.fill(first.storage)
    await first.close()
    const source = engineOf(argument, options)
    await source.open()
    const to = destination()
    await convert(source.storage, to.argument, { to: to.options })
    await families.expectFilled(engineOf(to.argument, to.options).storage)
    await families.expectFilled(source.storage)
  })
})

describe.each(DIRECTORIES)('an instance on %s as the destination', (_, makePlace) => {
  test('has the marks of the source', async () => {
    const source = await openCopy(() => ({ argument: emptyDirectory() }))
    const { argument, options } = makePlace()
    const destination = engineOf(argument, options)
    await convert(source.storage, destination.storage)
    await destination.close()
    const { continuity } = await begin(engineOf(argument, options))
    expect([await continuity.doubtOf(0), continuity.isCopy]).toEqual(['strict', true])
  })

  test('has the column families of the source', async () => {
    const source = engineOf(memoryStorage())
    await source.open()
    await families.put(source.storage.rocks.columnFamily('app'), 'key', 'value')
    const { argument, options } = makePlace()
    const destination = engineOf(argument, options)
    await convert(source.storage, destination.storage)
    await destination.close()
    const { storage } = engineOf(argument, options)
    const app = storage.rocks.columnFamily('app')
    await storage.ready()
    expect(await families.entriesOf(app)).toEqual({ key: 'value' })
    await app.close()
  })
})

test('an open RocksDB without a column family of the source is refused as the destination, and stays empty', async () => {
  const source = engineOf(memoryStorage())
  await source.open()
  await families.put(source.storage.rocks.columnFamily('app'), 'key', 'value')
  const directory = emptyDirectory()
  const destination = new HypercoreStorage(directory)
  await destination.rocks.ready()
  await expect(convert(source.storage, destination)).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
    message: expect.stringContaining("'app'"),
  })
  expect(await families.entriesOf(destination.db)).toEqual({})
  await destination.close()
})
