// What a store pays for being looked at: an inspector takes two pictures a second of all cores that are open.

import { expectResult } from '../bench-error.js'
import { block } from './material.js'
import { type Task, withStore } from './task.js'

/** How many times as many blocks as other tasks append: some pictures are to be taken meanwhile. */
const LONGER = 10

export const watched: Task = {
  id: 'watched',
  rows: [
    { id: 'append-unwatched', title: 'append to one of many open cores', per: 'block', unit: 'time' },
    {
      id: 'append-watched',
      title: 'the same while a watcher takes two pictures a second',
      per: 'block',
      unit: 'time',
    },
  ],
  scales: 'cores',
  kinds: ['coreyard'],
  rehearsed: true,
  async run({ cores, place, measure, sizes }) {
    await withStore(await place(), async (store) => {
      const names = Array.from({ length: cores }, (_, index) => `core ${index}`)
      const open = await Promise.all(names.map((name) => store.named(name)))
      await Promise.all(open.map((core) => core.append(block(0))))
      const count = sizes.appends * LONGER
      const append = async () => {
        for (let index = 0; index < count; index++) await open[0]?.append(block(index))
      }
      await measure('append-unwatched', count, append)
      let pictures = 0
      let isOver = false
      const watching = store.watched()
      const look = async () => {
        for await (const _ of watching ?? []) {
          pictures++
          if (isOver) return
        }
      }
      const looking = look()
      await measure('append-watched', count, append)
      isOver = true
      await looking
      expectResult(pictures > 0, true, 'whether pictures were taken')
      expectResult(open[0]?.length, 1 + 2 * count, 'length of the core')
    })
  },
}
