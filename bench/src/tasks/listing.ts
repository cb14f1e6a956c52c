import { expectResult } from '../bench-error.js'
import type { Store } from '../contestants/contestant.js'
import { fill } from './material.js'
import { type Task, withStore } from './task.js'

/** Few cores are listed many times, so that there is something to measure. */
const ENTRIES = 10_000

export const listing: Task = {
  id: 'list',
  rows: [
    { id: 'list', title: 'list the discovery keys of all stored cores', per: 'core', unit: 'time' },
    { id: 'stored', title: 'list all stored cores with name, key and length', per: 'core', unit: 'time' },
  ],
  scales: 'listed',
  rehearsed: true,
  async run({ contestant, cores, place, measure }) {
    const where = await place()
    await fill(where, cores)
    const passes = Math.ceil(ENTRIES / cores)
    const lists: Record<string, (store: Store) => AsyncIterable<unknown> | null> = {
      list: (store) => store.list(),
      stored: (store) => store.stored(),
    }
    for (const [row, list] of Object.entries(lists)) {
      if (contestant.lacks.includes(row)) continue
      await withStore(where, async (store) => {
        const seen = await measure(row, passes * cores, async () => {
          let seen = 0
          for (let pass = 0; pass < passes; pass++) seen += await count(list(store))
          return seen
        })
        expectResult(seen, passes * cores, 'cores that were listed')
      })
    }
  },
}

async function count(entries: AsyncIterable<unknown> | null): Promise<number> {
  let seen = 0
  for await (const _ of entries ?? []) seen++
  return seen
}
