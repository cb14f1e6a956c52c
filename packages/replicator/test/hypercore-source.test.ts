// Plain Hypercores, replicated without a store.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as path } from 'node:path'
import type { Hypercore as Session } from '@coreyard/hypercore-types'
import Hypercore from 'hypercore'
import { expect, onTestFinished, test } from 'vitest'
import { AllToAllReplicator, HypercoreSource } from '../src/index.js'
import { ask, connection } from '../src/test/streams.js'
import { keysOf, reads } from '../src/test/suite.js'

test('cores that were added are replicated, both ways, also those that are added later', async () => {
  const [one, other] = [await open(), await open()]
  const [near, far] = connection()
  const before = await one.write('before')
  one.replicator.replicate(near)
  other.replicator.replicate(far)
  await reads(await other.read(keysOf(before).key), 'before')
  const after = await other.write('after')
  await reads(await one.read(keysOf(after).key), 'after')
  expect([one.source.size, other.source.size]).toEqual([2, 2])
})

test('a core that was not added, was deleted or has closed is not served', async () => {
  const { source, write, replicator } = await open()
  const [deleted, gone] = [await write('deleted'), await write('closed')]
  const keys = [deleted, gone].map((core) => keysOf(core).discoveryKey)
  expect(source.delete(deleted)).toBe(true)
  expect(source.delete(deleted)).toBe(false)
  await gone.close()
  const [near, far] = connection()
  replicator.replicate(near)
  for (const discoveryKey of keys) expect(await ask(far, discoveryKey)).toBe(false)
  expect([...source.openCores()]).toEqual([])
})

test('sessions of one core count once', async () => {
  const { source, write } = await open()
  const core = await write('block')
  await source.add(core)
  await source.add(core.session())
  expect(source.size).toBe(1)
})

test('a core that fails to open, or has closed, is not added', async () => {
  const { source, write } = await open()
  const core = await write('block')
  await core.close()
  await expect(source.add(core)).rejects.toThrow()
})

async function open() {
  const replicator = new AllToAllReplicator()
  const source = new HypercoreSource(replicator)
  const sessions: Session[] = []
  const directory = await mkdtemp(path(tmpdir(), 'coreyard-source-'))
  const add = async (key: Uint8Array | null) => {
    const core = new Hypercore(path(directory, String(sessions.length)), key)
    sessions.push(core)
    await source.add(core)
    return core
  }
  onTestFinished(async () => {
    await replicator.close()
    for (const session of sessions) await session.close()
    await rm(directory, { recursive: true })
  })
  return {
    replicator,
    source,
    write: async (block: string) => {
      const core = await add(null)
      await core.append(Buffer.from(block))
      return core
    },
    read: (key: Uint8Array) => add(key),
  }
}
