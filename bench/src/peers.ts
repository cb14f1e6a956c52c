// A program: the peers of the task `serve`. Each is a bare Hypercore 11 in memory with a TCP connection of its own. They get
// ready, say so, and when they are told to go they download the core all at once.

import { connect as connectTo } from 'node:net'
import { expectResult } from './bench-error.js'
import { hypercore } from './contestants/hypercore.js'

/** What it is told. */
export interface PeersWanted {
  /** On the loopback interface. */
  readonly port: number
  /** In hex. */
  readonly key: string
  readonly peers: number
  readonly blocks: number
}

/** What it answers: when it is ready, none, and then how many blocks all peers have together. */
export interface PeersDone {
  readonly blocks: number
}

process.once('message', async (wanted) => {
  const { port, key, peers, blocks } = wanted as PeersWanted
  const floor = hypercore.find(({ engine }) => engine === 'memory')
  if (floor === undefined) throw new TypeError('There is no bare Hypercore in memory')
  const place = await floor.load()
  const stores = await Promise.all(Array.from({ length: peers }, () => place('').open()))
  const cores = await Promise.all(stores.map((store) => store.byKey(Buffer.from(key, 'hex'))))
  process.once('message', async () => {
    for (const store of stores) {
      const socket = connectTo(port, '127.0.0.1')
      socket.pipe(store.replicate(true)).pipe(socket)
    }
    await Promise.all(cores.map((core) => core.download({ start: 0, end: blocks }).done()))
    for (const core of cores) expectResult(await core.has(0, blocks), true, 'whether a peer has all blocks')
    process.send?.({ blocks: cores.reduce((sum, { length }) => sum + length, 0) } satisfies PeersDone)
  })
  process.send?.({ blocks: 0 } satisfies PeersDone)
})

// Whoever started it has gone.
process.once('disconnect', () => process.exit())
