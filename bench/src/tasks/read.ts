import { expectBlocks, fillCore, scattered } from './cores.js'
import { type Task, withStore } from './task.js'

export const read: Task = {
  id: 'read',
  rows: [
    { id: 'read-random', title: 'read blocks of one core at random', per: 'block', unit: 'time' },
    { id: 'read-order', title: 'read blocks of one core in order', per: 'block', unit: 'time' },
  ],
  scales: null,
  rehearsed: true,
  async run({ sizes, place, measure }) {
    const where = await place()
    await withStore(where, async (store) => fillCore(await store.named('core'), sizes.blocks))
    const orders = {
      'read-random': scattered(sizes.blocks, sizes.blocks),
      'read-order': Array.from({ length: sizes.blocks }, (_, i) => i),
    }
    // Each by a store that has not read anything yet.
    for (const [row, indexes] of Object.entries(orders)) {
      await withStore(where, async (store) => {
        const core = await store.named('core')
        const read = await measure(row, indexes.length, async () => {
          const read: Uint8Array[] = []
          for (const index of indexes) read.push(await core.get(index))
          return read
        })
        expectBlocks(read, indexes)
      })
    }
  },
}
