import { expectResult } from '../bench-error.js'
import { coreName } from './cores.js'
import { type Task, withStore } from './task.js'

export const create: Task = {
  id: 'create',
  rows: [{ id: 'create', title: 'create named cores, one after another', per: 'core', unit: 'time' }],
  scales: 'cores',
  rehearsed: true,
  async run({ cores, place, measure }) {
    await withStore(await place(), async (store) => {
      const open = await measure('create', cores, async () => {
        const open = []
        for (let i = 0; i < cores; i++) open.push(await store.named(coreName(i)))
        return open
      })
      expectResult(open.filter((core) => core.writable && core.length === 0).length, cores, 'empty cores')
      expectResult(new Set(open.map(({ id }) => id)).size, cores, 'different cores')
    })
  },
}
