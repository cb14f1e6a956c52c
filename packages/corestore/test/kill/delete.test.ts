// A process that is killed in the middle of deleting cores: each core is there as a whole, or nothing of it is.

import { random } from '@coreyard/random-access-kv/test'
import { describe, expect, test } from 'vitest'
import Corestore, { type StoreOptions } from '../../src/index.js'
import { text } from '../helpers/bytes.js'
import { emptyDirectory } from '../helpers/directories.js'
import { effort } from '../helpers/effort.js'
import { range } from '../helpers/open-store.js'
import { tellSeed } from '../helpers/seed.js'
import { ENGINES, runUntilKilled } from './killed.js'

const KILLS = effort(30, 8)

/** What was told of a core last. */
type Told = 'made' | 'deleting' | 'deleted'

describe.each(ENGINES)('on the engine %s', (_, options) => {
  test('a core is whole or gone after SIGKILL in the middle of deletes', { timeout: 1_200_000 }, async () => {
    const directory = emptyDirectory()
    const draw = random(tellSeed())
    const counts = { made: 0, deleting: 0, deleted: 0 }
    let first = 0
    // A kill may come before the first delete, so it goes on until one was acknowledged.
    for (let kills = 0; kills < KILLS || counts.deleted === 0; kills++) {
      const args = [directory, JSON.stringify(options), String(first)]
      const told = new Map<number, Told>()
      for (const line of await runUntilKilled('deleter-process.js', args, draw)) {
        const [what, number] = line.split(' ')
        told.set(Number(number), what as Told)
      }
      for (const what of told.values()) counts[what]++
      await expectWholeOrGone(directory, options, told)
      first = 1 + Math.max(first, ...told.keys())
    }
  })
})

/** Checks every core, and deletes those that are left: nothing may be in the storage then but the store's own record. */
async function expectWholeOrGone(
  directory: string,
  options: StoreOptions,
  told: ReadonlyMap<number, Told>,
): Promise<void> {
  await using store = new Corestore(directory, options)
  const left = new Map<number, { discoveryKey: Uint8Array; length: number }>()
  for await (const { name, discoveryKey, length } of store.stored()) {
    left.set(Number(String(name).slice('core '.length)), { discoveryKey, length })
  }
  for (const [number, what] of told) {
    if (what === 'made') expect([...left.keys()]).toContain(number)
    if (what === 'deleted') expect([...left.keys()]).not.toContain(number)
  }
  for (const [number, { discoveryKey, length }] of left) {
    // One that was still being made may have no block yet.
    expect(told.has(number) ? [3] : [0, 3]).toContain(length)
    const core = store.get({ name: `core ${number}` })
    await core.ready()
    expect(core.discoveryKey).toEqual(discoveryKey)
    expect(core.length).toBe(length)
    const blocks = await Promise.all(range(length).map((index) => core.get(index, { wait: false })))
    expect(blocks.map(text)).toEqual(['first', 'second', 'third'].slice(0, length))
    if (told.has(number)) {
      const draft = core.session({ name: 'draft' })
      expect(text(await draft.get(3, { wait: false }))).toBe('fourth')
      await draft.close()
    }
    await core.close()
  }
  for await (const { audit } of store.audit({ dryRun: true })) {
    expect(audit).toMatchObject({ corrupt: false, droppedTreeNodes: 0, droppedBlocks: 0, droppedBits: 0 })
  }
  for (const number of left.keys()) await store.delete({ name: `core ${number}` }, { compact: false })
  expect(await records(store)).toBe(1)
}

async function records(store: Corestore): Promise<number> {
  await store.ready()
  let count = 0
  for await (const _ of store.storage.db.iterator({})) count++
  return count
}
