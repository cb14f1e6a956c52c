// The blocks of one core: they are appended, one at a time and many at once, and read.

import type { Hypercore } from '@coreyard/hypercore-types'
import { expectResult } from '../bench-error.js'
import { BATCH } from '../sizes.js'
import { block, blocks, expectBlocks, scattered } from './material.js'
import { type Task, type TaskRun, withStore } from './task.js'

export const oneCore: Task = {
  id: 'blocks',
  rows: [
    { id: 'append', title: 'append to one core, a block at a time', per: 'block', unit: 'time' },
    {
      id: 'append-batches',
      title: `append to one core, ${BATCH} blocks at a time`,
      per: 'block',
      unit: 'time',
    },
    { id: 'read-random', title: 'read blocks of one core at random', per: 'block', unit: 'time' },
    { id: 'read-order', title: 'read blocks of one core in order', per: 'block', unit: 'time' },
  ],
  scales: null,
  rehearsed: true,
  async run(run) {
    const where = await run.place()
    const { appends, batches, reads } = run.sizes
    await withStore(where, async (store) => {
      await append(run, await store.named('one at a time'), appends)
      await appendBatches(run, await store.named('many at once'), batches)
    })
    const length = batches * BATCH
    const orders = {
      'read-random': scattered(reads, length),
      'read-order': Array.from({ length: Math.min(reads, length) }, (_, i) => i),
    }
    // Each by a store that has not read anything yet.
    for (const [row, indexes] of Object.entries(orders)) {
      await withStore(where, async (store) => {
        const core = await store.named('many at once')
        const read = await run.measure(row, indexes.length, async () => {
          const read: Uint8Array[] = []
          for (const index of indexes) read.push(await core.get(index))
          return read
        })
        expectBlocks(read, indexes)
      })
    }
  },
}

async function append({ measure }: TaskRun, core: Hypercore, count: number): Promise<void> {
  const all = blocks(count)
  await measure('append', count, async () => {
    for (const block of all) await core.append(block)
  })
  await expectAppended(core, count)
}

async function appendBatches({ measure }: TaskRun, core: Hypercore, count: number): Promise<void> {
  const all = Array.from({ length: count }, (_, batch) =>
    Array.from({ length: BATCH }, (_, i) => block(batch * BATCH + i)),
  )
  await measure('append-batches', count * BATCH, async () => {
    for (const batch of all) await core.append(batch)
  })
  await expectAppended(core, count * BATCH)
}

async function expectAppended(core: Hypercore, length: number): Promise<void> {
  expectResult(core.length, length, 'length of the core')
  expectBlocks([await core.get(length - 1)], [length - 1])
}
