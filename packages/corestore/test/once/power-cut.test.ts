// The power goes while a store works. It is as it was at some moment after the last sync then: every core opens, passes its audit,
// and has every block that was appended before that sync.

import type { Hypercore } from '@coreyard/hypercore-types'
import { PowerCut, random } from '@coreyard/random-access-kv/test'
import { expect, test } from 'vitest'
import { Corestore } from '../../src/index.js'
import { hex, text } from '../helpers/bytes.js'
import { effort } from '../helpers/effort.js'
import { range } from '../helpers/open-store.js'
import { tellSeed } from '../helpers/seed.js'

const CUTS = effort(150, 40)
/** So many cuts come one after the other on the same disk; then there is a new one. */
const CUTS_OF_A_DISK = 10
/** The power goes at one of so many writes, truncations and syncs; a store that is done earlier loses it when it has closed. */
const CALLS = 150
/** How often each core is appended to, until the power goes. */
const APPENDS = 12
const NAMES = ['a', 'b', 'c', 'd', 'e']

type Sync = 'always' | 'checkpoint'

/** How far a core is. */
interface Extent {
  /** Hex. */
  readonly key: string
  readonly length: number
}

/** What a store has come to when the power went. */
interface Aftermath {
  readonly disk: Uint8Array
  readonly isCut: boolean
  /** The cores as they were at the last sync. */
  readonly safe: ReadonlyMap<string, Extent>
  /** How long each would have become if the power had stayed. */
  readonly attempted: ReadonlyMap<string, number>
}

test.each<Sync>(['checkpoint', 'always'])(
  'after each of many power cuts every core opens, is sound and has what was synced: with sync %s',
  { timeout: 1_200_000 },
  async (sync) => {
    const draw = random(tellSeed())
    let cuts = 0
    let disk = new Uint8Array(0)
    let found: ReadonlyMap<string, Extent> = new Map()
    for (let run = 0; cuts < CUTS; run++) {
      if (run % CUTS_OF_A_DISK === 0) [disk, found] = [new Uint8Array(0), new Map()]
      const aftermath = await workUntilCut(disk, found, sync, draw)
      if (aftermath.isCut) cuts++
      disk = Uint8Array.from(aftermath.disk)
      found = await expectWhole(aftermath)
    }
  },
)

/** Works in a store until the power goes, or the work is done and the store closed. */
async function workUntilCut(
  disk: Uint8Array,
  found: ReadonlyMap<string, Extent>,
  sync: Sync,
  draw: () => number,
): Promise<Aftermath> {
  const storage = new PowerCut(disk, Math.floor(draw() * CALLS), draw() * 2 ** 32)
  const store = new Corestore(() => storage, {
    randomAccess: { sync, logSize: 50_000 },
    recovery: false, // there are no peers to ask
  })
  const appended = new Map(found)
  const attempted = new Map([...found].map(([name, { length }]) => [name, length]))
  let safe = found

  const syncNow = async () => {
    const before = new Map(appended)
    if (draw() < 0.7) await store.storage.flush()
    else {
      await store.suspend()
      await store.resume()
    }
    if (!storage.isCut) safe = before
  }
  const append = async (name: string, core: Hypercore) => {
    // Another core may have failed since this one was ready: the store closes then, and a core that closes has no length.
    if (core.closing !== null) throw new Error('The store is closing')
    expect(core.length).toBe(appended.get(name)?.length ?? 0)
    const blocks = range(1 + Math.floor(draw() * 4)).map((index) => block(name, core.length + index))
    attempted.set(name, core.length + blocks.length)
    await core.append(blocks)
    appended.set(name, { key: hex(core.key), length: core.length })
    if (sync === 'always') safe = new Map(appended)
  }
  const work = NAMES.map(async (name) => {
    for (const _ of range(APPENDS)) {
      const core = store.get({ name })
      await core.ready()
      await append(name, core)
      if (draw() < 0.3) await core.close()
      if (draw() < 0.1) await syncNow()
    }
  })

  // The first that fails has the store closed: others may wait for a storage that does not answer any more.
  await Promise.all(work).catch(() => {})
  for (const outcome of await Promise.allSettled([...work, store.close()])) {
    if (outcome.status === 'rejected' && !storage.isCut) throw outcome.reason
  }
  if (!storage.isCut) safe = appended
  return { disk: storage.survivors(), isCut: storage.isCut, safe, attempted }
}

/** Checks what is left, and says what it is. */
async function expectWhole({ disk, safe, attempted }: Aftermath): Promise<Map<string, Extent>> {
  const storage = new PowerCut(disk, Number.POSITIVE_INFINITY, 0)
  await using store = new Corestore(() => storage)
  const found = new Map<string, Extent>()
  for await (const { name, key, length } of store.stored()) found.set(String(name), { key: hex(key), length })
  for (const [name, { key, length }] of safe) {
    expect(found.get(name)?.key).toBe(key)
    expect(found.get(name)?.length).toBeGreaterThanOrEqual(length)
  }
  for (const [name, { key, length }] of found) {
    expect(length).toBeLessThanOrEqual(attempted.get(name) ?? 0)
    const core = store.get({ name })
    await core.ready()
    expect([hex(core.key), core.length, core.writable]).toEqual([key, length, true])
    const blocks = await Promise.all(range(length).map((index) => core.get(index, { wait: false })))
    expect(blocks.map(text)).toEqual(range(length).map((index) => block(name, index)))
    await core.close()
  }
  for await (const { audit } of store.audit({ dryRun: true })) {
    expect(audit).toMatchObject({ corrupt: false, droppedTreeNodes: 0, droppedBlocks: 0, droppedBits: 0 })
  }
  return found
}

/** A block of any size: some are so large that they are not in the log. */
function block(name: string, index: number): string {
  return `${name} ${index} ${'x'.repeat((index * 997) % 11_000)}`
}
