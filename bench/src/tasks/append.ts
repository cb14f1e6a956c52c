// Appending: to one core, to many in turn, and in batches.

import { expectResult } from '../bench-error.js'
import { BATCH } from '../sizes.js'
import { block, blocks, expectBlocks, openCores } from './cores.js'
import { type Task, withStore } from './task.js'

export const append: Task = {
  id: 'append',
  rows: [{ id: 'append', title: 'append to one core, a block at a time', per: 'block', unit: 'time' }],
  scales: null,
  rehearsed: true,
  async run({ sizes: { appends }, place, measure }) {
    await withStore(await place(), async (store) => {
      const core = await store.named('core')
      const all = blocks(appends)
      await measure('append', appends, async () => {
        for (const block of all) await core.append(block)
      })
      expectResult(core.length, appends, 'length of the core')
      expectBlocks([await core.get(appends - 1)], [appends - 1])
    })
  },
}

/** How often each core has its turn. */
const TURNS = 2

export const appendInTurn: Task = {
  id: 'append-turns',
  rows: [
    {
      id: 'append-turns',
      title: 'append to many cores in turn, a block at a time',
      per: 'block',
      unit: 'time',
    },
  ],
  scales: 'cores',
  rehearsed: true,
  async run({ cores, place, measure }) {
    await withStore(await place(), async (store) => {
      const open = await openCores(store, cores)
      const all = blocks(TURNS)
      await measure('append-turns', cores * TURNS, async () => {
        for (const block of all) for (const core of open) await core.append(block)
      })
      expectResult(open.filter(({ length }) => length === TURNS).length, cores, `cores of ${TURNS} blocks`)
    })
  },
}

export const appendBatches: Task = {
  id: 'append-batches',
  rows: [
    {
      id: 'append-batches',
      title: `append to one core, ${BATCH} blocks at a time`,
      per: 'block',
      unit: 'time',
    },
  ],
  scales: null,
  rehearsed: true,
  async run({ sizes: { batches }, place, measure }) {
    await withStore(await place(), async (store) => {
      const core = await store.named('core')
      const all = Array.from({ length: batches }, (_, batch) =>
        Array.from({ length: BATCH }, (_, i) => block(batch * BATCH + i)),
      )
      await measure('append-batches', batches * BATCH, async () => {
        for (const batch of all) await core.append(batch)
      })
      const last = batches * BATCH - 1
      expectResult(core.length, last + 1, 'length of the core')
      expectBlocks([await core.get(last)], [last])
    })
  },
}
