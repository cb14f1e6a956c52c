// Streams of the storage beneath a store that nobody reads to their end: the database closes all the same.
import Hypercore from 'hypercore'
import type { Readable } from 'streamx'
import { describe, expect, onTestFinished, test } from 'vitest'
import { memoryStorage, type StorageArgument, type StorageEngine } from '../src/index.js'
import { emptyDirectory } from './directories.js'
import { engineOf } from './engines.js'

const PLACES: readonly (readonly [string, () => StorageArgument])[] = [
  ['RocksDB', () => emptyDirectory()],
  ['memory', () => memoryStorage()],
]

async function storedEngine(argument: StorageArgument): Promise<StorageEngine> {
  const engine = engineOf(argument)
  await engine.open()
  const core = new Hypercore(engine.storage)
  await core.append('block')
  return engine
}

describe.each(PLACES)('a stream that is not read when the storage closes, on %s', (_, make) => {
  test.each<[string, (engine: StorageEngine) => unknown]>([
    ['of the cores', ({ storage }) => storage.createCoreStream()],
    ['of the discovery keys', ({ storage }) => storage.createDiscoveryKeyStream()],
    ['of the database', ({ storage }) => storage.rocks.iterator()],
    ['of a session of the database', ({ storage }) => storage.rocks.session().iterator()],
    ['of a snapshot of the database', ({ storage }) => storage.db.snapshot().iterator()],
  ])('%s is destroyed', async (_, open) => {
    const failures: unknown[] = []
    const fail = (error: unknown) => failures.push(error)
    process.on('uncaughtException', fail)
    onTestFinished(() => void process.off('uncaughtException', fail))
    const argument = make()
    const engine = await storedEngine(argument)
    const stream = open(engine) as Readable
    await engine.close()
    expect(stream.destroyed).toBe(true)
    await engineOf(argument).open()
    expect(failures).toEqual([])
  })

  test('is destroyed with an error that its listener gets', async () => {
    const engine = await storedEngine(make())
    const stream = engine.storage.rocks.iterator() as AsyncIterable<unknown> as Readable
    const told = new Promise((resolve) => stream.on('error', resolve))
    await engine.close()
    expect(await told).toMatchObject({ code: 'STORAGE_CLOSED' })
  })

  test('lets the loop that reads it close the store', async () => {
    const engine = await storedEngine(make())
    const read = async () => {
      for await (const _ of engine.storage.createCoreStream()) await engine.close()
    }
    await read().catch(() => {})
    expect(engine.storage.closed).toBe(true)
  })
})
