// Many blocks of one core, small ones and large ones.

import { expectResult } from '../bench-error.js'
import { LARGE_BLOCK, SMALL_BLOCK } from '../sizes.js'
import { connect } from './connect.js'
import { expectBlocks, fillCore, keyOf, scattered } from './material.js'
import { type Task, type TaskRun, withStore } from './task.js'

/** So many of the blocks that arrived are compared with those that were sent. */
const COMPARED = 100

export const replicateBlocks: Task = {
  id: 'replicate-blocks',
  rows: [{ id: 'replicate-blocks', title: 'replicate the blocks of one core', per: 'block', unit: 'time' }],
  scales: null,
  rehearsed: true,
  run: (run) => replicate(run, 'replicate-blocks', run.sizes.replicated, SMALL_BLOCK),
}

export const replicateLarge: Task = {
  id: 'replicate-large',
  rows: [
    { id: 'replicate-large', title: 'replicate blocks of 64 KB of one core', per: 'block', unit: 'time' },
  ],
  scales: null,
  rehearsed: true,
  run: (run) => replicate(run, 'replicate-large', run.sizes.large, LARGE_BLOCK),
}

async function replicate(
  { place, measure }: TaskRun,
  row: string,
  count: number,
  size: number,
): Promise<void> {
  const [here, there] = [await place(), await place()]
  await withStore(here, async (writer) => {
    const core = await writer.named('core')
    await fillCore(core, count, size)
    await withStore(there, async (reader) => {
      const copy = await reader.byKey(keyOf(core))
      const connection = await measure(row, count, async () => {
        const connection = connect(reader, writer)
        await copy.download({ start: 0, end: count }).done()
        return connection
      })
      await connection.close()
      expectResult(copy.length, count, 'length of the copy')
      expectResult(await copy.has(0, count), true, 'whether the copy has all blocks')
      const some = scattered(Math.min(COMPARED, count), count)
      expectBlocks(await Promise.all(some.map((index) => copy.get(index))), some, size)
    })
  })
}
