// A program: peers of the task `hostile`. One is honest and asks for cores one after the other; others ask for what is not there, as fast as
// the store reads, or for all that is there.

import { once } from 'node:events'
import { createRequire } from 'node:module'
import { connect as connectTo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { NoiseSecretStreamConstructor, ReplicationStream } from '@coreyard/hypercore-types'
import type { Store } from './contestants/contestant.js'
import { hypercore } from './contestants/hypercore.js'
import { median } from './statistics.js'
import { openUnknown } from './wire.js'

/** What it is told. `port` is on the loopback interface, keys are in hex. */
export type HostileWanted =
  /** Asks for unknown cores, so many in all, over so many connections. */
  | { readonly role: 'flood'; readonly port: number; readonly opens: number; readonly streams: number }
  /** Asks for the first block of each core, one after the other. */
  | { readonly role: 'ask'; readonly port: number; readonly keys: readonly string[] }
  /** Asks for all cores at once, and keeps them. */
  | { readonly role: 'mirror'; readonly port: number; readonly keys: readonly string[] }

/** What it answers when that is done: the median time of one, in microseconds. */
export interface HostileDone {
  readonly median: number
}

/** How many cores are asked for in one write. */
const OPENS_EACH = 500

const SecretStream = createRequire(import.meta.url)(
  '@hyperswarm/secret-stream',
) as NoiseSecretStreamConstructor

process.on('message', async (message) => {
  const wanted = message as HostileWanted
  process.send?.({ median: await perform(wanted) } satisfies HostileDone)
})

// Whoever started it has gone.
process.once('disconnect', () => process.exit())

async function perform(wanted: HostileWanted): Promise<number> {
  if (wanted.role === 'flood') return flood(wanted.port, wanted.opens, wanted.streams)
  const store = await openStore()
  const socket = connectTo(wanted.port, '127.0.0.1')
  const stream = store.replicate(true)
  socket.setNoDelay(true)
  socket.pipe(stream).pipe(socket)
  if (wanted.role === 'ask') {
    const times: number[] = []
    for (const key of wanted.keys) times.push(await ask(store, stream, key))
    socket.destroy()
    return median(times)
  }
  return median(await Promise.all(wanted.keys.map((key) => ask(store, stream, key))))
}

async function openStore(): Promise<Store> {
  const memory = hypercore.find(({ engine }) => engine === 'memory')
  if (memory === undefined) throw new TypeError('There is no bare Hypercore in memory')
  const place = await memory.load()
  return place('').open()
}

/** The time from asking for a core until its first block is here, in microseconds. */
async function ask(store: Store, stream: ReplicationStream, key: string): Promise<number> {
  const began = performance.now()
  const core = await store.byKey(Buffer.from(key, 'hex'))
  core.replicate(stream)
  await core.get(0)
  return (performance.now() - began) * 1000
}

async function flood(port: number, opens: number, streams: number): Promise<number> {
  const began = performance.now()
  await Promise.all(
    Array.from({ length: streams }, () => floodOver(connectTo(port, '127.0.0.1'), opens / streams)),
  )
  return (performance.now() - began) * 1000
}

/** Settles when all has been written and the system has taken it. */
async function floodOver(socket: Socket, opens: number): Promise<void> {
  const stream = new SecretStream(true)
  stream.on('error', () => {}) // a store may end the stream of such a peer
  socket.on('error', () => {})
  socket.pipe(stream.rawStream as unknown as Duplex).pipe(socket)
  await stream.opened
  stream.resume()
  for (let channel = 1; channel <= opens && !stream.destroyed; channel += OPENS_EACH) {
    if (!stream.write(openUnknown(channel, OPENS_EACH)))
      // A store may end the stream of such a peer.
      await Promise.race([once(stream, 'drain'), once(stream, 'close')]).catch(() => {})
  }
  await stream.flush()
}
