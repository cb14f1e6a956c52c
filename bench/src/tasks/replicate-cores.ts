import { expectResult } from '../bench-error.js'
import { connect, hasNoPeer, hasPeer } from './connect.js'
import { block, eachAtOnce, expectBlocks, keyOf, openCores } from './material.js'
import { type Task, withStore } from './task.js'

export const replicateCores: Task = {
  id: 'replicate-cores',
  rows: [
    {
      id: 'replicate-cores',
      title: 'replicate many cores over one stream, a block of each',
      per: 'core',
      unit: 'time',
    },
    { id: 'sync-cores', title: 'connect many cores that are in sync already', per: 'core', unit: 'time' },
  ],
  scales: 'cores',
  rehearsed: true,
  async run({ cores, place, measure }) {
    const [here, there] = [await place(), await place()]
    await withStore(here, async (writer) => {
      const written = await openCores(writer, cores)
      await eachAtOnce(written, (core, i) => core.append(block(i)))
      const keys = written.map(keyOf)
      await withStore(there, async (reader) => {
        const { connection, copies, read } = await measure('replicate-cores', cores, async () => {
          const copies = await openCores(reader, cores, (i) => reader.byKey(keys[i] as Uint8Array))
          const connection = connect(reader, writer)
          const read = await Promise.all(copies.map((copy) => copy.get(0)))
          return { connection, copies, read }
        })
        expectBlocks(read, [...read.keys()])

        await connection.close()
        await Promise.all([...written, ...copies].map(hasNoPeer))
        const again = await measure('sync-cores', cores, async () => {
          const connection = connect(reader, writer)
          const news = await Promise.all(
            copies.map(async (copy) => {
              await hasPeer(copy)
              return copy.update()
            }),
          )
          return { connection, news }
        })
        expectResult(again.news.filter(Boolean).length, 0, 'cores that were not in sync')
        await again.connection.close()
      })
    })
  },
}
