// What a writer pays for its peers: it tells them only of what is synced, and its appends wait for that now and then.

import { expectResult } from '../bench-error.js'
import { connect, hasPeer } from './connect.js'
import { block, blocks, expectBlocks, keyOf } from './material.js'
import { type Task, withStore } from './task.js'

export const followed: Task = {
  id: 'followed',
  rows: [
    {
      id: 'append-followed',
      title: 'append to one core that a peer follows, a block at a time',
      per: 'block',
      unit: 'time',
    },
  ],
  scales: null,
  rehearsed: true,
  async run({ place, measure, sizes: { appends: count } }) {
    const [here, there] = [await place(), await place()]
    await withStore(here, async (writer) => {
      const core = await writer.named('core')
      await core.append(block(0))
      await withStore(there, async (reader) => {
        const copy = await reader.byKey(keyOf(core))
        const connection = connect(reader, writer)
        copy.download({ start: 0, end: -1 })
        await hasPeer(core)
        await copy.get(0)
        const all = blocks(count)
        await measure('append-followed', count, async () => {
          for (const each of all) await core.append(each)
        })
        expectBlocks([await copy.get(count)], [count - 1])
        expectResult(copy.length, count + 1, 'length of the copy')
        await connection.close()
      })
    })
  },
}
