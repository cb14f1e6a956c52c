// Peers that send anything and leave at any time, over real sockets. Whatever one of them does, its own stream ends and
// nothing else: a good peer goes on, the next one is as good, and the process lives (an unhandled error fails the run).

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Hypercore, NoiseSecretStream } from '@coreyard/hypercore-types'
import SecretStream from '@hyperswarm/secret-stream'
import Protomux from 'protomux'
import { expect, onTestFinished, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { hex } from '../helpers/bytes.js'
import { keysOf, openStore, range } from '../helpers/open-store.js'
import { ask, closed, reads } from '../helpers/streams.js'

/** What a peer does, that knows the discovery key of a core and not its key. */
type Misbehaviour = (socket: Socket, discoveryKey: Uint8Array) => unknown

const MISBEHAVIOURS: Record<string, Misbehaviour> = {
  'leaves without a word': (socket) => socket.end(),
  'sends garbage and leaves': (socket) => socket.end(frame(randomBytes(96))),
  'sends garbage without end': (socket) => {
    const goOn = (error?: Error | null) => void (error ?? socket.write(randomBytes(65536), goOn))
    goOn()
  },
  'sends part of a message and leaves': (socket) => socket.end(frame(randomBytes(1000)).subarray(0, 500)),
  'sends half of the handshake and leaves': async (socket) => {
    const message = await handshakeMessage()
    socket.end(message.subarray(0, message.byteLength >> 1))
  },
  'dies in the middle of the handshake': async (socket) => {
    socket.write(await handshakeMessage())
    await once(socket, 'data')
    socket.resetAndDestroy()
  },
  'sends garbage after the handshake': async (socket) => {
    await handshake(socket)
    socket.write(frame(randomBytes(64)))
  },
  'sends part of a message after the handshake and dies': async (socket) => {
    await handshake(socket)
    socket.write(frame(randomBytes(1000)).subarray(0, 500), () => socket.resetAndDestroy())
  },
  'sends garbage that is encrypted as it should be': async (socket) => {
    const stream = await handshake(socket)
    for (const size of range(64)) stream.write(randomBytes(size))
    stream.end()
  },
  'asks for a core in a way that is not the protocol': async (socket, discoveryKey) => {
    const stream = await handshake(socket)
    Protomux.from(stream).createChannel({ protocol: 'hypercore/alpha', id: discoveryKey })?.open()
  },
  'asks for a core and does not have its key': async (socket, discoveryKey) => {
    await ask(await handshake(socket), discoveryKey)
  },
  'asks for a core and dies before the answer': async (socket, discoveryKey) => {
    const stream = await handshake(socket)
    ask(stream, discoveryKey)
    await stream.flush()
    socket.resetAndDestroy()
  },
  'asks for thousands of cores that are not there': async (socket) => {
    const stream = await handshake(socket)
    const answers = await Promise.all(range(5000).map(() => ask(stream, randomBytes(32))))
    expect(answers).not.toContain(true)
    stream.end()
  },
}

test.each(Object.entries(MISBEHAVIOURS))('a peer that %s harms no other', async (_, misbehave) => {
  const store = openStore()
  const written = store.get({ name: 'core' })
  await written.append('first')
  const { discoveryKey } = keysOf(written)
  const dial = await listen(store)
  const copy = await copyOver(await dial(), written)
  await reads(copy, 'first')

  const bad = await dial()
  await misbehave(bad.socket, discoveryKey)
  bad.socket.resume()
  await closed(bad.near)

  await written.append('second')
  await reads(copy, 'second', 1)
  await reads(await copyOver(await dial(), written), 'second', 1)
  expect(written.peers).toHaveLength(2)
})

test('whoever listens in on the connection sees neither keys nor blocks', async () => {
  const store = openStore()
  const written = store.get({ name: 'core' })
  await written.append('a block that nobody else may read')
  const dial = await listen(store)
  const connection = await dial()
  const seen: Uint8Array[] = []
  connection.socket.on('data', (data) => seen.push(Uint8Array.from(data)))
  await reads(await copyOver(connection, written), 'a block that nobody else may read')

  const all = hex(Buffer.concat(seen))
  const { key, discoveryKey } = keysOf(written)
  for (const bytes of [key, discoveryKey, Buffer.from('a block')]) expect(all).not.toContain(hex(bytes))
})

/** One connection: the socket on this end, and the store's stream on the other. */
interface Connection {
  readonly socket: Socket
  readonly near: NoiseSecretStream
}

/** Has a store listen on a port of this machine; returns what connects to it. */
async function listen(store: Corestore): Promise<() => Promise<Connection>> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())

  return async () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    const [[accepted]] = await Promise.all([once(server, 'connection'), once(socket, 'connect')])
    const stream = store.replicate(false)
    stream.pipe(accepted).pipe(stream)
    // Node.js wants the owner of a socket to listen to its errors; the replication stream needs nobody.
    for (const end of [socket, accepted]) end.on('error', () => {})
    return { socket, near: stream.noiseStream }
  }
}

/** The core of another store's, in a store of its own on this end of the connection. */
async function copyOver({ socket }: Connection, { key }: Hypercore): Promise<Hypercore> {
  const store = openStore()
  const stream = store.replicate(true)
  stream.pipe(socket).pipe(stream)
  return store.get({ key })
}

/** An encrypted stream over a socket, once the handshake is done. */
async function handshake(socket: Socket): Promise<NoiseSecretStream> {
  const stream = new SecretStream(true, socket)
  stream.on('error', () => {})
  await stream.opened
  return stream
}

/** What the initiator of a handshake says first. */
async function handshakeMessage(): Promise<Uint8Array> {
  const { rawStream } = new SecretStream(true)
  return new Promise((resolve) => rawStream.once('data', resolve))
}

/** A message as the encrypted stream frames it: the size first, in 3 bytes (little endian). */
function frame(message: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(3 + message.byteLength)
  bytes.writeUIntLE(message.byteLength, 0, 3)
  bytes.set(message, 3)
  return bytes
}
