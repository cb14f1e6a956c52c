// The blocks of one core between two processes: over Hyperswarm on the loopback interface, and over a link that is slow. Both ends are
// stores of the contestant.

import { connect as connectTo } from 'node:net'
import type { NoiseSecretStream } from '@coreyard/hypercore-types'
import DHT from 'hyperdht'
import Hyperswarm from 'hyperswarm'
import { expectResult } from '../bench-error.js'
import type { Store } from '../contestants/contestant.js'
import { KILOBYTE_BLOCK, LARGE_BLOCK } from '../sizes.js'
import type { WriterStarted, WriterWanted } from '../writer.js'
import { expectBlocks, scattered } from './material.js'
import { Program } from './program.js'
import { type Row, type Task, type TaskRun, withStore } from './task.js'

/** So many of the blocks that arrived are compared with those that were sent. */
const COMPARED = 100
const MB = 1e6

const TRANSPORTS = [
  { over: 'hyperswarm', title: 'over Hyperswarm' },
  { over: 'link', title: 'over a link of 40 ms and 100 Mbit/s' },
] as const
const BLOCKS = [
  { size: LARGE_BLOCK, id: 'large', title: 'blocks of 64 KB' },
  { size: KILOBYTE_BLOCK, id: 'small', title: 'blocks of 1 KB' },
] as const

const measurements = TRANSPORTS.flatMap(({ over, title: where }) =>
  BLOCKS.map(({ size, id, title }) => ({
    over,
    size,
    row: { id: `${over}-${id}`, title: `replicate ${title} ${where}`, per: 'MB', unit: 'time' } satisfies Row,
  })),
)

export const network: Task = {
  id: 'network',
  rows: measurements.map(({ row }) => row),
  scales: null,
  rehearsed: true,
  // Bare Hypercore would do what these do, and Corestore 6 has another protocol.
  kinds: ['coreyard', 'corestore-7'],
  async run(run) {
    const { large, kilobytes } = run.sizes
    for (const { over, size, row } of measurements) {
      await replicate(run, row.id, over, size === LARGE_BLOCK ? large : kilobytes, size)
    }
  },
}

async function replicate(
  { contestant, place, measure }: TaskRun,
  row: string,
  over: WriterWanted['over'],
  count: number,
  size: number,
): Promise<void> {
  const [here, there] = [await place(), await place()]
  const writer = new Program('writer')
  try {
    const wanted = { contestant: contestant.id, directory: here.directory, blocks: count, size, over }
    const started = await writer.ask<WriterStarted>(wanted satisfies WriterWanted)
    await withStore(there, async (reader) => {
      const disconnect = await connect(reader, started)
      try {
        const copy = await measure(row, (count * size) / MB, async () => {
          const copy = await reader.byKey(Buffer.from(started.key, 'hex'))
          await copy.download({ start: 0, end: count }).done()
          return copy
        })
        expectResult(copy.length, count, 'length of the copy')
        expectResult(await copy.has(0, count), true, 'whether the copy has all blocks')
        const some = scattered(Math.min(COMPARED, count), count)
        expectBlocks(await Promise.all(some.map((index) => copy.get(index))), some, size)
      } finally {
        await disconnect()
      }
    })
    await writer.ask('close')
  } finally {
    writer.kill()
  }
}

/** Replicates a store with the writer, from the moment that it resolves. What it gives ends that. */
async function connect(store: Store, { address }: WriterStarted): Promise<() => Promise<void>> {
  if ('port' in address) {
    const socket = connectTo(address.port, '127.0.0.1')
    const stream = store.replicate(true)
    for (const end of [socket, stream]) end.on('error', () => {}) // the writer has gone
    socket.setNoDelay(true)
    socket.pipe(stream).pipe(socket)
    await stream.noiseStream.opened
    return async () => void socket.destroy()
  }
  // On loopback no firewall stands between peers: without hole punching they connect at the first try.
  const dht = new DHT({ bootstrap: address.bootstrap, host: '127.0.0.1', firewalled: false, ephemeral: true })
  const swarm = new Hyperswarm({ dht })
  const connected = new Promise<NoiseSecretStream>((resolve) => swarm.once('connection', resolve))
  swarm.join(Buffer.from(address.topic, 'hex'), { server: false })
  store.replicate(await connected)
  return () => swarm.destroy()
}
