// What a conversion keeps of whether the cores of a store may be older than what their peers have.
import { memoryStorage, type StorageEngine, storageEngine } from '@coreyard/storage'
import { describe, expect, onTestFinished, test } from 'vitest'
import { copyOf } from '../../storage/test/directories.js'
import { convert } from '../src/index.js'
import { fill, PLACES, type Place } from './stores.js'

const DIRECTORIES = PLACES.filter(([name]) => name !== 'memory')

describe.each(DIRECTORIES)('a store on %s', (_, makePlace) => {
  test('that was copied is still in doubt after a conversion', async () => {
    const place = makePlace()
    await fill(place)
    await end(await begin(place))
    const copy: Place = { ...place, argument: copyOf(String(place.argument)) }
    const options = { allowBackup: true }
    await end(await begin(copy, options))
    const to = memoryStorage()
    await convert(copy.argument, to, { from: { ...copy.options, ...options } })
    const engine = await begin({ argument: to })
    expect([await engine.continuity.doubtOf(0), engine.continuity.isCopy]).toEqual(['strict', true])
    await end(engine)
  })
})

async function begin({ argument, options }: Place, more: object = {}): Promise<StorageEngine> {
  const engine = storageEngine(argument, { ...options, ...more })
  onTestFinished(() => engine.close())
  await engine.open()
  await engine.continuity.begin()
  return engine
}

async function end(engine: StorageEngine): Promise<void> {
  await engine.continuity.end()
  await engine.close()
}
