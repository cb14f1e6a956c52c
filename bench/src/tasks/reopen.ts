import { expectResult } from '../bench-error.js'
import { coreName, fill } from './cores.js'
import { type Task, withStore } from './task.js'

export const reopen: Task = {
  id: 'reopen',
  rows: [
    { id: 'reopen', title: 'reopen cores by name, one after another', per: 'core', unit: 'time' },
    { id: 'reopen-at-once', title: 'reopen cores by name, all at once', per: 'core', unit: 'time' },
  ],
  scales: 'cores',
  rehearsed: true,
  async run({ cores, place, measure }) {
    const where = await place()
    await fill(where, cores, 1)
    const names = Array.from({ length: cores }, (_, i) => coreName(i))
    await withStore(where, async (store) => {
      const open = await measure('reopen', cores, async () => {
        const open = []
        for (const name of names) open.push(await store.named(name))
        return open
      })
      expectResult(
        open.filter((core) => core.writable && core.length === 1).length,
        cores,
        'cores of one block',
      )
    })
    await withStore(where, async (store) => {
      const open = await measure('reopen-at-once', cores, () =>
        Promise.all(names.map((name) => store.named(name))),
      )
      expectResult(
        open.filter((core) => core.writable && core.length === 1).length,
        cores,
        'cores of one block',
      )
    })
  },
}
