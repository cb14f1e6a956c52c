// One store that serves many peers at once. They are the same for every contestant, and in a process of their own, so that the
// processor time of this one is that of serving.

import { expectResult } from '../bench-error.js'
import type { PeersDone, PeersWanted } from '../peers.js'
import { fillCore, keyOf } from './material.js'
import { listen, Program } from './program.js'
import { type Task, withStore } from './task.js'

export const serve: Task = {
  id: 'serve',
  rows: [
    {
      id: 'serve',
      title: 'serve a core to many peers at once, over TCP',
      per: 'block and peer',
      unit: 'time',
    },
  ],
  scales: null,
  rehearsed: true,
  async run({ sizes: { peers, served }, place, measure }) {
    await withStore(await place(), async (store) => {
      const core = await store.named('core')
      await fillCore(core, served)
      const server = await listen(store)
      const program = new Program('peers')
      try {
        const wanted: PeersWanted = {
          port: server.port,
          key: Buffer.from(keyOf(core)).toString('hex'),
          peers,
          blocks: served,
        }
        await program.ask(wanted)
        const { blocks } = await measure('serve', peers * served, () => program.ask<PeersDone>('go'))
        expectResult(blocks, peers * served, 'blocks that the peers have')
      } finally {
        program.kill()
        server.close()
      }
    })
  },
}
