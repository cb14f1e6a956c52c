// What a store takes: memory for cores that are open, memory after it has been used, and the disk.

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expectResult } from '../bench-error.js'
import { blocks, coreName, eachAtOnce, expectBlocks } from './material.js'
import { type Task, withStore } from './task.js'

const BLOCKS_EACH = 10

export const footprint: Task = {
  id: 'footprint',
  rows: [
    { id: 'memory-core', title: 'resident memory of an open core', per: 'core', unit: 'bytes' },
    { id: 'memory-end', title: 'resident memory of the process at the end', per: 'process', unit: 'bytes' },
    {
      id: 'disk',
      title: `bytes on disk, with ${BLOCKS_EACH} blocks of 100 bytes in each core`,
      per: 'core',
      unit: 'bytes',
    },
  ],
  scales: 'cores',
  rehearsed: true,
  // The young generation stays as small as it can be, 1 MiB. By itself it grows by up to 32 MiB, at a time that is a matter of
  // chance: more than a thousand open cores take.
  nodeOptions: ['--max-semi-space-size=1'],
  async run({ contestant, cores, place, note }) {
    const where = await place()
    await withStore(where, async (store) => {
      const before = residentMemory()
      const open = []
      for (let i = 0; i < cores; i++) open.push(await store.named(coreName(i)))
      note('memory-core', (residentMemory() - before) / cores)

      await eachAtOnce(open, (core) => core.append(blocks(BLOCKS_EACH)))
      for (let index = 0; index < BLOCKS_EACH; index++) {
        await eachAtOnce(open, async (core) => expectBlocks([await core.get(index)], [index]))
      }
      note('memory-end', residentMemory())
      expectResult(open.filter(({ length }) => length === BLOCKS_EACH).length, cores, 'filled cores')
    })
    if (!contestant.lacks.includes('disk')) note('disk', (await diskSpace(where.directory)) / cores)
  },
}

/** In bytes, after a collection of garbage. */
function residentMemory(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage.rss()
}

/** What the files in a directory take, in bytes: blocks that have been allocated, not lengths, because files can be sparse. */
async function diskSpace(directory: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).blocks * 512
  }
  return bytes
}
