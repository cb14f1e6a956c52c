// One store that serves many peers at once. They are the same for every contestant, and in a process of their own, so that the
// processor time of this one is that of serving.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { BenchError, expectResult } from '../bench-error.js'
import type { PeersDone, PeersWanted } from '../peers.js'
import { fillCore, keyOf } from './material.js'
import { type Task, withStore } from './task.js'

const PROGRAM = createRequire(import.meta.url).resolve('@coreyard/bench/peers')

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
      const server = createServer((socket) => {
        const stream = store.replicate(false)
        socket.on('error', () => {}) // the peer has gone, and the stream ends
        stream.on('error', () => {})
        socket.pipe(stream).pipe(socket)
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      const program = fork(PROGRAM, { execArgv: [] })
      try {
        const wanted: PeersWanted = {
          port,
          key: Buffer.from(keyOf(core)).toString('hex'),
          peers,
          blocks: served,
        }
        program.send(wanted)
        await answer(program)
        const { blocks } = await measure('serve', peers * served, () => {
          program.send('go')
          return answer(program)
        })
        expectResult(blocks, peers * served, 'blocks that the peers have')
      } finally {
        program.kill()
        server.close()
      }
    })
  },
}

/** The next message of the peers. */
async function answer(program: ChildProcess): Promise<PeersDone> {
  const abort = new AbortController()
  try {
    return await Promise.race([
      once(program, 'message', { signal: abort.signal }).then(([message]) => message as PeersDone),
      once(program, 'exit', { signal: abort.signal }).then(([code]) => {
        throw new BenchError('MEASUREMENT_FAILED', `The process of the peers ended with ${code}`)
      }),
    ])
  } finally {
    abort.abort()
  }
}
