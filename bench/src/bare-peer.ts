// Peers that are bare Hypercores in memory: the same for every contestant.

import { connect as connectTo, type Socket } from 'node:net'
import type { ReplicationStream } from '@coreyard/hypercore-types'
import type { Store } from './contestants/contestant.js'
import { hypercore } from './contestants/hypercore.js'

/** A store of bare Hypercores in memory. */
export async function openStore(): Promise<Store> {
  const memory = hypercore.find(({ engine }) => engine === 'memory')
  if (memory === undefined) throw new TypeError('There is no bare Hypercore in memory')
  const place = await memory.load()
  return place('').open()
}

/** Replicates the open cores of a store over a connection of its own, with a port on the loopback interface. */
export function connectStore(store: Store, port: number): { socket: Socket; stream: ReplicationStream } {
  const socket = connectTo(port, '127.0.0.1')
  const stream = store.replicate(true)
  socket.setNoDelay(true)
  for (const end of [socket, stream, stream.noiseStream]) end.on('error', () => {}) // the connection ends
  socket.pipe(stream).pipe(socket)
  return { socket, stream }
}
