// A program: the writer of the task `network`, in a process of its own. It has a store of the contestant, with one core.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { Duplex } from 'node:stream'
import createTestnet from '@hyperswarm/testnet'
import Hyperswarm from 'hyperswarm'
import { contestants } from './contestants/all.js'
import type { Store } from './contestants/contestant.js'
import { joinSlowly } from './link.js'
import { fillCore, keyOf } from './tasks/material.js'

/** What it is told. After that, `close`. */
export interface WriterWanted {
  /** Its id. */
  readonly contestant: string
  /** For the store. It need not be there. */
  readonly directory: string
  readonly blocks: number
  /** Bytes of a block. */
  readonly size: number
  readonly over: 'hyperswarm' | 'link'
}

/** What it answers: the key of the core in hex, and where it is found. */
export interface WriterStarted {
  readonly key: string
  readonly address:
    | { readonly port: number }
    | {
        readonly topic: string
        readonly bootstrap: { readonly host: string; readonly port: number }[]
      }
}

/** 40 ms there and back, and 100 Mbit/s in each direction. */
const LINK = { delay: 20, rate: 12_500_000 }
/** Nodes of the DHT. */
const NODES = 3

process.once('message', async (message) => {
  const { contestant: id, directory, blocks, size, over } = message as WriterWanted
  const contestant = contestants.find((each) => each.id === id)
  if (contestant === undefined) throw new TypeError(`There is no contestant ${id}`)
  const place = await contestant.load()
  const store = await place(directory).open()
  const core = await store.named('core')
  await fillCore(core, blocks, size)
  const { address, close } = over === 'link' ? await listenSlowly(store) : await joinSwarm(store)
  process.once('message', async () => {
    await close()
    await store.close()
    process.send?.({})
  })
  process.send?.({ key: Buffer.from(keyOf(core)).toString('hex'), address } satisfies WriterStarted)
})

// The process that started it has ended.
process.once('disconnect', () => process.exit())

interface Listening {
  readonly address: WriterStarted['address']
  close(): Promise<void>
}

/** A server on loopback whose connections are slow. */
async function listenSlowly(store: Store): Promise<Listening> {
  const server = createServer((socket) => {
    socket.setNoDelay(true)
    const stream = store.replicate(false)
    for (const end of [socket, stream]) end.on('error', () => {}) // the reader has gone
    joinSlowly(socket, stream as unknown as Duplex, LINK)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { address: { port }, close: async () => void server.close() }
}

/** A swarm on a DHT of its own. */
async function joinSwarm(store: Store): Promise<Listening> {
  const testnet = await createTestnet(NODES)
  const swarm = new Hyperswarm({ dht: testnet.createNode() })
  swarm.on('connection', (connection) => void store.replicate(connection))
  const topic = randomBytes(32)
  await swarm.join(topic, { client: false }).flushed()
  return {
    address: { topic: topic.toString('hex'), bootstrap: testnet.bootstrap },
    async close() {
      await swarm.destroy()
      await testnet.destroy()
    },
  }
}
