import Hypercore from 'hypercore'
import { expect, it } from 'vitest'
import { fileStorage, memoryStorage, type StorageArgument } from '../src/index.js'
import { emptyDirectory, engineOf } from './directories.js'

const STORAGES: [string, () => StorageArgument][] = [
  ['memory', memoryStorage],
  ['files', () => fileStorage(emptyDirectory())],
]

/** Far longer than it may be until a timer of 1 ms is called. */
const LONG = 3000

/** Calls again and again, as soon as the call before has ended, until a timer has been called: how many milliseconds that took. */
async function untilTimer(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  let called = false
  setTimeout(() => {
    called = true
  }, 1)
  while (!called && performance.now() - start < LONG) await call()
  return performance.now() - start
}

it.each(STORAGES)(
  'appending, reading or listing without a pause leaves timers their turn: on %s',
  async (_, make) => {
    const { storage } = engineOf(make())
    const core = new Hypercore(storage)
    await core.append('block')
    const discoveryKeys = async () => {
      for await (const key of storage.createDiscoveryKeyStream()) expect(key).toHaveLength(32)
    }
    expect(await untilTimer(() => core.append('block'))).toBeLessThan(LONG)
    expect(await untilTimer(() => core.get(0))).toBeLessThan(LONG)
    expect(await untilTimer(discoveryKeys)).toBeLessThan(LONG)
    await core.close()
  },
)
