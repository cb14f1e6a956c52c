// A program: the honest peer of the task `hostile`. One process requests all the cores of a measurement: its code is compiled when the
// requests that count begin.

import type { ReplicationStream } from '@coreyard/hypercore-types'
import { connectStore, openStore } from './bare-peer.js'

/** What it is told. */
export type HonestWanted =
  /** Connects to this port of the loopback interface. */
  | { readonly port: number }
  /** Requests the first block of the core with this key (in hex). */
  | { readonly key: string }

/** What it answers: how long the core took, in microseconds; 0 for a connection. */
export interface HonestDone {
  readonly time: number
}

let connection: ReturnType<typeof connectStore> | null = null

process.on('message', async (message) => {
  process.send?.({ time: await perform(message as HonestWanted) } satisfies HonestDone)
})

// The process that started it has ended.
process.once('disconnect', () => process.exit())

async function perform(wanted: HonestWanted): Promise<number> {
  if ('port' in wanted) {
    connection?.socket.destroy()
    connection = connectStore(await openStore(), wanted.port)
    return 0
  }
  if (connection === null) throw new TypeError('The peer is not connected')
  return request(connection.stream, wanted.key)
}

/** The time from the request of a core until its first block is here, in microseconds. */
async function request(stream: ReplicationStream, key: string): Promise<number> {
  // A store of its own, which closes with the core: this peer has one core open at a time.
  const store = await openStore()
  const began = performance.now()
  const core = await store.byKey(Buffer.from(key, 'hex'))
  core.replicate(stream)
  await core.get(0)
  const time = (performance.now() - began) * 1000
  await store.close()
  return time
}
