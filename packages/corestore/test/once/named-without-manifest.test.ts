// A core that is opened by its key has no manifest. Its name is filed before its manifest is stored, so a crash in between leaves a
// named core without one.

import { PowerCut } from '@coreyard/random-access-kv/test'
import { expect, test } from 'vitest'
import { Corestore } from '../../src/index.js'
import { bytes32, hex } from '../helpers/bytes.js'
import { keysOf, range } from '../helpers/open-store.js'

/** During which write of naming the core the power goes: past the last one. */
const CALLS = 12

test.each(range(CALLS))(
  'a core is writable by its name after a power cut in call %i of naming it',
  async (calls) => {
    const key = await keyOfName('chat')
    const disk = new PowerCut(new Uint8Array(0), Number.POSITIVE_INFINITY, calls)
    await inStore(disk, async (store) => {
      await store.get(key).ready()
    })

    const cut = new PowerCut(disk.survivors(), calls, calls)
    await inStore(cut, async (store) => {
      await store.get(key).ready()
      await store.get({ name: 'chat' }).append('lost or not')
    }).catch((error: unknown) => {
      if (!cut.isCut) throw error
    })

    const whole = new PowerCut(cut.survivors(), Number.POSITIVE_INFINITY, calls)
    await inStore(whole, async (store) => {
      const core = store.get({ name: 'chat' })
      await core.append('kept')
      expect(hex(core.key)).toBe(hex(key))
    })
  },
)

/** The key of the core that has this name in the stores of this test. */
async function keyOfName(name: string): Promise<Uint8Array> {
  let key = new Uint8Array(0)
  await inStore(new PowerCut(new Uint8Array(0), Number.POSITIVE_INFINITY, 0), async (store) => {
    const core = store.get({ name })
    await core.ready()
    key = Uint8Array.from(keysOf(core).key)
  })
  return key
}

/** Works in a store whose every write is synced, and closes it. */
async function inStore(storage: PowerCut, work: (store: Corestore) => Promise<void>): Promise<void> {
  const options = { primaryKey: bytes32(1), randomAccess: { sync: 'always' } } as const
  await using store = new Corestore(() => storage, options)
  await work(store)
}
