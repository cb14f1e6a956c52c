// A process that dies at any moment: what it was told has been written is there afterwards, and nothing is damaged.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import Corestore from '../../src/index.js'
import { emptyDirectory } from '../helpers/open-store.js'

const KILLS = 100
const WRITER = new URL('./writer-process.js', import.meta.url).pathname

/** What the writer was told: for a core (z32), the blocks by their index. */
type Acknowledged = Map<string, Map<number, string>>

test('every acknowledged append outlives SIGKILL, a hundred times over, and every core passes audit', {
  timeout: 240_000,
}, async () => {
  const directory = emptyDirectory()
  const acknowledged: Acknowledged = new Map()
  for (let run = 0; run < KILLS; run++) {
    await writeUntilKilled(directory, run, acknowledged)
    await expectAllThere(directory, acknowledged)
  }
  const blocks = [...acknowledged.values()].reduce((sum, core) => sum + core.size, 0)
  expect(blocks).toBeGreaterThan(KILLS) // it really wrote
})

/** Runs the writer, and kills it a moment after it began to append. */
async function writeUntilKilled(directory: string, run: number, acknowledged: Acknowledged): Promise<void> {
  const writer = spawn(process.execPath, [WRITER, directory, '{}', String(run)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(writer, 'exit')
  const lines = createInterface({ input: writer.stdout })
  let killing = false
  for await (const line of lines) {
    const { key, length, blocks } = JSON.parse(line) as { key: string; length: number; blocks: string[] }
    const core = acknowledged.get(key) ?? new Map<number, string>()
    acknowledged.set(key, core)
    blocks.forEach((block, i) => {
      core.set(length - blocks.length + i, block)
    })
    if (killing) continue
    killing = true
    setTimeout(() => writer.kill('SIGKILL'), Math.random() * 40)
  }
  const [, signal] = await exited
  expect(signal).toBe('SIGKILL')
}

async function expectAllThere(directory: string, acknowledged: Acknowledged): Promise<void> {
  await using store = new Corestore(directory)
  for (const [key, blocks] of acknowledged) {
    const core = store.get({ key, valueEncoding: 'utf-8' })
    await core.ready()
    expect(core.length).toBeGreaterThanOrEqual(Math.max(...blocks.keys()) + 1)
    const indexes = [...blocks.keys()]
    const stored = await Promise.all(indexes.map((index) => core.get(index, { wait: false })))
    expect(stored).toEqual(indexes.map((index) => blocks.get(index)))
    await core.close()
  }
  for await (const { audit } of store.audit({ dryRun: true })) {
    expect(audit).toMatchObject({ corrupt: false, droppedTreeNodes: 0, droppedBlocks: 0, droppedBits: 0 })
  }
}
