// A program: peers of the task `hostile` that take more than their part. They request cores that the store does not have, as fast as it
// reads, or all that it has.

import { once } from 'node:events'
import { createRequire } from 'node:module'
import { connect as connectTo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { NoiseSecretStreamConstructor } from '@coreyard/hypercore-types'
import { connectStore, openStore } from './bare-peer.js'
import { openUnknown } from './wire.js'

/** What it is told. `port` is on the loopback interface. */
export type HostileWanted =
  /** Requests unknown cores: so many in all, over so many connections. */
  | { readonly role: 'flood'; readonly port: number; readonly opens: number; readonly streams: number }
  /** Requests the first block of each core (keys in hex) at once, and keeps the cores open. */
  | { readonly role: 'mirror'; readonly port: number; readonly keys: readonly string[] }

/** How many cores are requested in one write. */
const OPENS_EACH = 500

const SecretStream = createRequire(import.meta.url)(
  '@hyperswarm/secret-stream',
) as NoiseSecretStreamConstructor

// Its answer is empty: it has ended.
process.once('message', async (message) => {
  await perform(message as HostileWanted)
  process.send?.({})
})

// The process that started it has ended.
process.once('disconnect', () => process.exit())

async function perform(wanted: HostileWanted): Promise<void> {
  if (wanted.role === 'mirror') return mirror(wanted.port, wanted.keys)
  const { port, opens, streams } = wanted
  await Promise.all(
    Array.from({ length: streams }, () => flood(connectTo(port, '127.0.0.1'), Math.ceil(opens / streams))),
  )
}

async function mirror(port: number, keys: readonly string[]): Promise<void> {
  const store = await openStore()
  const { stream } = connectStore(store, port)
  await Promise.all(
    keys.map(async (key) => {
      const core = await store.byKey(Buffer.from(key, 'hex'))
      core.replicate(stream)
      await core.get(0)
    }),
  )
}

/** Settles when the store has read all, and has ended the connection. */
async function flood(socket: Socket, opens: number): Promise<void> {
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const stream = new SecretStream(true)
  for (const end of [stream, socket]) end.on('error', () => {}) // a store may end the stream of such a peer
  socket.pipe(stream.rawStream as unknown as Duplex).pipe(socket)
  await stream.opened
  stream.resume()
  for (let sent = 0; sent < opens && !stream.destroyed; sent += OPENS_EACH) {
    if (!stream.write(openUnknown(sent + 1, Math.min(OPENS_EACH, opens - sent))))
      await Promise.race([once(stream, 'drain'), closed]).catch(() => {})
  }
  stream.end()
  await closed
}
