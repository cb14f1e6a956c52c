// The attacks of a soak. Each takes some seconds at most, and leaves nothing behind on its own side.

import { randomBytes } from 'node:crypto'
import type { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { connect as connectTo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Hypercore, NoiseSecretStream, NoiseSecretStreamConstructor } from '@coreyard/hypercore-types'
import { connectStore, openStore } from '../bare-peer.js'
import type { Store } from '../contestants/contestant.js'
import { batch, closeMessage, openMessage, openUnknown } from '../wire.js'
import { lie } from './liar.js'

/** Milliseconds for which an attack lasts that waits. */
const LASTING = 2000

export interface Surroundings {
  readonly port: number
  /** Of the cores that are stored, in hex. */
  readonly keys: readonly string[]
  /** The honest peer that writes a core, and that core's key in hex. */
  readonly written: { readonly key: string; readonly store: Store }
  readonly random: () => number
}

/** What of Hypercore's peer is sent by hand. */
interface SpeakingPeer {
  readonly wireRequest: { send(request: object): unknown }
  readonly wireRange: { send(range: object): unknown }
}

const SecretStream = createRequire(import.meta.url)(
  '@hyperswarm/secret-stream',
) as NoiseSecretStreamConstructor

export const attacks: Readonly<Record<string, (surroundings: Surroundings) => Promise<void>>> = {
  async garbage({ port, random }) {
    const socket = socketTo(port)
    for (let count = 0; count < 16; count++) socket.write(randomBytes(4096))
    await endOf(socket, random() * LASTING)
  },

  async 'garbage after the handshake'({ port, random }) {
    const { socket, stream } = await connectRaw(port)
    if (random() < 0.5) for (let count = 0; count < 16; count++) stream.write(randomBytes(4096))
    else socket.write(randomBytes(65_536))
    await endOf(socket, LASTING)
  },

  async 'half-open handshakes'({ port, random }) {
    const sockets = Array.from({ length: 30 }, () => socketTo(port))
    for (const socket of sockets) if (random() < 0.5) socket.write(Buffer.from([32, 0, 0, 1, 2, 3]))
    await Promise.all(sockets.map((socket) => endOf(socket, LASTING)))
  },

  async 'a message that never ends'({ port }) {
    const { socket } = await connectRaw(port)
    socket.write(Buffer.concat([Buffer.from([0xff, 0xff, 0xff]), randomBytes(2 ** 20)]))
    await endOf(socket, LASTING)
  },

  async 'requests for unknown cores'({ port, random }) {
    const { socket, stream } = await connectRaw(port)
    const each = random() < 0.5 ? 1 : 500
    for (let from = 1; from <= 5000 && !stream.destroyed; from += each) {
      if (!stream.write(openUnknown(from, each))) await Promise.race([told(stream, 'drain'), wait(LASTING)])
    }
    await endOf(socket, 500)
  },

  async 'opens and closes'({ port, keys, random }) {
    const { socket, stream } = await connectRaw(port)
    const { hash } = await import('hypercore-crypto').then((module) => module.default)
    for (let channel = 1; channel <= 300 && !stream.destroyed; channel++) {
      const known = hash(Buffer.from(keys[Math.floor(random() * keys.length)] ?? '', 'hex'))
      stream.write(batch([openMessage(channel, known), closeMessage(channel)]))
      if (channel % 50 === 0) await wait(20)
    }
    await endOf(socket, 500)
  },

  async 'all cores at once'({ port, keys }) {
    await withCores(port, keys, () => wait(LASTING))
  },

  async 'a peer that reads nothing'(surroundings) {
    await withSpeaker(surroundings, async (peer, socket) => {
      socket.pause()
      requestMuch(peer)
      await wait(LASTING)
    })
  },

  async 'a peer that reads slowly'(surroundings) {
    await withSpeaker(surroundings, async (peer, socket) => {
      requestMuch(peer)
      for (let count = 0; count < LASTING / 100; count++) {
        socket.pause()
        await wait(90)
        socket.resume()
        await wait(10)
      }
    })
  },

  async 'a flood of requests'(surroundings) {
    await withSpeaker(surroundings, async (peer) => {
      requestMuch(peer)
      await wait(LASTING / 4)
    })
  },

  async 'blocks that nobody has'(surroundings) {
    await withSpeaker(surroundings, async (peer) => {
      for (let count = 0; count < 20; count++) {
        peer.wireRange.send({ drop: false, start: 1, length: 2 ** 29 })
        peer.wireRange.send({ drop: true, start: 0, length: 2 ** 29 })
      }
      await wait(LASTING / 4)
    })
  },

  async 'wrong proofs'({ port, written, random }) {
    await lie(port, written.key, written.store, random)
  },

  async 'a connection that breaks'({ port, keys, random }) {
    await withCores(port, keys.slice(0, 20), async (_, socket) => {
      await wait(random() * 50)
      socket.resetAndDestroy()
    })
  },
}

function requestMuch({ wireRequest }: SpeakingPeer): void {
  for (let id = 1; id <= 2000; id++) {
    wireRequest.send({ id, fork: 0, block: { index: 0, nodes: 0 }, hash: null, seek: null, upgrade: null })
  }
}

/** Lets an honest peer connect with some cores, before it does something else. */
async function withCores(
  port: number,
  keys: readonly string[],
  use: (cores: readonly Hypercore[], socket: Socket) => Promise<void>,
): Promise<void> {
  const store = await openStore()
  const cores = await Promise.all(keys.map((key) => store.byKey(Buffer.from(key, 'hex'))))
  const { socket } = connectStore(store, port)
  try {
    await use(cores, socket)
  } finally {
    socket.destroy()
    await store.close()
  }
}

/** Gives a peer of one core, to send messages by hand, if there is one in time. */
async function withSpeaker(
  { port, keys, random }: Surroundings,
  use: (peer: SpeakingPeer, socket: Socket) => Promise<void>,
): Promise<void> {
  const key = keys[Math.floor(random() * keys.length)] ?? ''
  await withCores(port, [key], async ([core], socket) => {
    if (core?.peers.length === 0) await Promise.race([told(core, 'peer-add'), wait(LASTING)])
    const [peer] = core?.peers ?? []
    if (peer !== undefined) await use(peer as unknown as SpeakingPeer, socket)
  })
}

/** An encrypted stream without a store, when its handshake is done. */
async function connectRaw(port: number): Promise<{ socket: Socket; stream: NoiseSecretStream }> {
  const socket = socketTo(port)
  const stream = new SecretStream(true)
  stream.on('error', () => {})
  socket.pipe(stream.rawStream as unknown as Duplex).pipe(socket)
  await Promise.race([stream.opened, wait(LASTING)])
  stream.resume()
  return { socket, stream }
}

function socketTo(port: number): Socket {
  const socket = connectTo(port, '127.0.0.1')
  socket.on('error', () => {}) // a store ends the connection of such a peer
  return socket
}

/** Waits until the other side has ended a connection, for so many milliseconds at most, and ends it. */
async function endOf(socket: Socket, limit: number): Promise<void> {
  if (!socket.destroyed) await Promise.race([told(socket, 'close'), wait(limit)])
  socket.destroy()
}

/** Waits for an event, whatever fails meanwhile. */
function told(emitter: Pick<EventEmitter, 'once'>, event: string): Promise<void> {
  return new Promise((resolve) => emitter.once(event, () => resolve()))
}
