// Streams over real sockets, where peers send anything and leave at any time. Whatever one of them does, a good peer of the
// same store goes on, and the process lives (an unhandled error fails the run).

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import SecretStream from '@hyperswarm/secret-stream'
import { expect, onTestFinished, test } from 'vitest'
import { keysOf, reads } from '../src/test/suite.js'
import { openStore } from './peers.js'

type BadPeer = (socket: Socket) => Promise<void> | void

const badPeers: Record<string, BadPeer> = {
  'sends random bytes': (socket) => void socket.end(randomBytes(5000)),
  'announces a message and sends half of it': (socket) => void socket.end(frame(600).subarray(0, 300)),
  'sends a handshake that is none': (socket) => void socket.end(frame(96)),
  'hangs up at once': (socket) => void socket.destroy(),
  'resets the connection': (socket) => void socket.resetAndDestroy(),
  'leaves in the middle of the handshake': async (socket) => {
    const stream = new SecretStream(true)
    stream.rawStream.on('data', (data) => socket.write(data))
    await once(socket, 'data')
    socket.resetAndDestroy()
    stream.destroy()
  },
  'sends garbage after the handshake': async (socket) => {
    await handshake(socket)
    socket.end(frame(64))
  },
  'is cut off in the middle of a message': async (socket) => {
    await handshake(socket)
    socket.write(frame(5000).subarray(0, 2000))
    socket.resetAndDestroy()
  },
  'speaks no Protomux': async (socket) => {
    const stream = await handshake(socket)
    for (const size of [0, 1, 3, 40, 700]) stream.write(randomBytes(size))
    stream.end()
  },
  'opens a channel and sends nonsense on it': async (socket) => {
    const stream = await handshake(socket)
    const name = Buffer.from('hypercore/alpha')
    const open = [Buffer.from([0, 1, 1, name.length]), name, Buffer.from([32]), randomBytes(32 + 40)]
    stream.write(Buffer.concat(open))
    stream.write(Buffer.concat([Buffer.from([1]), randomBytes(100)]))
    stream.end()
  },
}

test.each(Object.entries(badPeers))('a peer that %s harms no other', async (_, misbehave) => {
  const store = await openStore()
  const reader = await openStore()
  const written = await store.write(['first'])
  const server = createServer((socket) => {
    const stream = store.replicator.replicate(false)
    // Whoever makes a socket listens to its errors; the stream needs no listener.
    socket.on('error', () => {})
    stream.pipe(socket).pipe(stream)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => new Promise((resolve) => void server.close(() => resolve())))

  const good = await dial(server)
  const stream = reader.replicator.replicate(true)
  stream.pipe(good).pipe(stream)
  const read = await reader.get(keysOf(written).key)
  await reads(read, 'first')

  const bad = await dial(server)
  // The `once` of node:events rejects if the socket has an error, too.
  const gone = new Promise<void>((resolve) => void bad.once('close', () => resolve()))
  await misbehave(bad)
  bad.resume()
  await gone
  await written.append(Buffer.from('second'))
  await reads(read, 'second', 1)
  expect(stream.destroyed).toBe(false)
  good.destroy()
})

async function dial(server: ReturnType<typeof createServer>): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

async function handshake(socket: Socket): Promise<InstanceType<typeof SecretStream>> {
  const stream = new SecretStream(true, socket)
  stream.on('error', () => {})
  await stream.opened
  return stream
}

/** A message of random bytes as the encrypted stream frames it: the size first, in 3 bytes (little endian). */
function frame(size: number): Uint8Array {
  const bytes = Buffer.alloc(3 + size, randomBytes(size))
  bytes.writeUIntLE(size, 0, 3)
  return bytes
}
