// A writer that is killed at any moment: at least what was acknowledged is there afterwards, every change is there as a whole or not at
// all, and nothing is damaged.

import type { Hypercore } from '@coreyard/hypercore-types'
import { random } from '@coreyard/random-access-kv/test'
import { describe, expect, test } from 'vitest'
import Corestore, { type StoreOptions } from '../../src/index.js'
import { hex } from '../helpers/bytes.js'
import { emptyDirectory } from '../helpers/directories.js'
import { effort } from '../helpers/effort.js'
import { range } from '../helpers/open-store.js'
import { tellSeed } from '../helpers/seed.js'
import { ENGINES, runUntilKilled } from './killed.js'

const KILLS = effort(100, 12)

/** How far a core is. */
interface Version {
  readonly fork: number
  readonly length: number
}

describe.each(ENGINES)('on the engine %s', (_, options) => {
  test('every acknowledged append outlives SIGKILL, again and again, and every core passes audit', {
    timeout: 1_200_000,
  }, async () => {
    const directory = emptyDirectory()
    const draw = random(tellSeed())
    const versions = new Map<string, Version>()
    let acknowledged = 0
    // It goes on until the process has really written.
    for (let kills = 0; kills < KILLS || acknowledged <= KILLS; kills++) {
      const lines = await runUntilKilled('writer-process.js', [directory, JSON.stringify(options)], draw)
      for (const line of lines) {
        const [name = '', fork, length] = line.split(' ')
        versions.set(name, { fork: Number(fork), length: Number(length) })
      }
      acknowledged += lines.length
      await expectWhole(directory, options, versions)
    }
  })
})

/** Checks that each core is at least as far as was acknowledged, and whole; notes how far it is. */
async function expectWhole(
  directory: string,
  options: StoreOptions,
  versions: Map<string, Version>,
): Promise<void> {
  await using store = new Corestore(directory, options)
  const lengths = new Map<string, number>()
  for await (const { name } of store.stored()) {
    const core = store.get({ name: String(name), valueEncoding: 'utf-8' })
    await core.ready()
    const version = { fork: core.fork, length: core.length }
    const acknowledged = versions.get(String(name)) ?? { fork: 0, length: 0 }
    expect(statesUpTo(version, acknowledged).at(-1)).toEqual(version)
    versions.set(String(name), version)
    lengths.set(hex(core.key), core.length)
    await expectBlocks(core, String(name))
    await core.close()
  }
  expect(lengths.size).toBe(versions.size)
  for await (const { key, audit } of store.audit({ dryRun: true })) {
    const length = lengths.get(hex(key))
    expect(audit).toMatchObject({ corrupt: false, droppedTreeNodes: 0, droppedBlocks: 0, droppedBits: 0 })
    expect(audit).toMatchObject({ blocks: length, bits: length })
  }
}

/** What a core goes through from one state on, as far as another one or past it. */
function statesUpTo(last: Version, first: Version): Version[] {
  const states = [first]
  let state = first
  while (state.fork < last.fork || (state.fork === last.fork && state.length < last.length)) {
    state = after(state)
    states.push(state)
  }
  return states
}

/** What the next change of a core is: see writer-process.js. */
function after({ fork, length }: Version): Version {
  if (length >= 100) return { fork: fork + 1, length: 50 }
  return { fork, length: length + 1 + (length % 4) }
}

async function expectBlocks(core: Hypercore<string>, name: string): Promise<void> {
  const indexes = range(core.length)
  const blocks = await Promise.all(indexes.map((index) => core.get(index, { wait: false })))
  expect(blocks).toEqual(indexes.map((index) => `${name} ${index} ${'x'.repeat((index * 97) % 1000)}`))
}
