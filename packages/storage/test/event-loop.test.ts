import Hypercore from 'hypercore'
import { expect, it } from 'vitest'
import { fileStorage, memoryStorage, type StorageArgument } from '../src/index.js'
import { emptyDirectory } from './directories.js'
import { engineOf } from './engines.js'

const STORAGES: [string, () => StorageArgument][] = [
  ['memory', memoryStorage],
  ['files', () => fileStorage(emptyDirectory())],
]

/** Far more calls than may follow one another once a timer is due. */
const MANY = 100_000

/** Calls again and again, as soon as the call before has ended, until a timer has been called: how many calls that took. */
async function untilTimer(call: () => Promise<unknown>): Promise<number> {
  let called = false
  setTimeout(() => {
    called = true
  })
  let calls = 0
  for (; !called && calls < MANY; calls++) await call()
  return calls
}

it.each(STORAGES)(
  'timers run while a store on %s appends, reads or lists without a pause',
  async (_, make) => {
    const { storage } = engineOf(make())
    const core = new Hypercore(storage)
    await core.append('block')
    const discoveryKeys = async () => {
      for await (const key of storage.createDiscoveryKeyStream()) expect(key).toHaveLength(32)
    }
    expect(await untilTimer(() => core.append('block'))).toBeLessThan(MANY)
    expect(await untilTimer(() => core.get(0))).toBeLessThan(MANY)
    expect(await untilTimer(discoveryKeys)).toBeLessThan(MANY)
    await core.close()
  },
)
