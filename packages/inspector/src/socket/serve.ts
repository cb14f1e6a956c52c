// The side of the socket that has the store open. Only processes of the same user can connect, and they cannot change the store.

import { once } from 'node:events'
import { unlinkSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import type { Corestore } from '@coreyard/corestore'
import { badArgument, InspectorError, storeClosed } from '../errors.js'
import { explain } from '../explain/explain.js'
import { inspect, list, readStored } from '../inspect.js'
import { isClosed, viewOf } from '../viewed.js'
import { watch } from '../watch.js'
import { type Answer, MOST_REQUEST, type PicturePart, type Request, socketPath } from './protocol.js'
import { Changes } from './remote-watch.js'

const QUESTIONS = 'ask must be inspect, list, watch or explain'
/** How many cores one line has. */
const PART = 256
/** How long a connection may take to send its request, in milliseconds. */
const PATIENCE = 10_000
/** How many connections may be open at a time. */
const MOST_CLIENTS = 16

/** The open socket of a store. It closes with the store, and does not keep the process running. */
export interface InspectorSocket {
  /** The path of the socket, or the name of the pipe on Windows. */
  readonly path: string
  /** Closes the connections, and removes the socket. */
  close(): Promise<void>
}

/**
 * Lets other processes of the same user inspect the store, as `coreyard ls DIR` and `coreyard why DIR KEY` do. They cannot change it.
 *
 * @throws InspectorError `BAD_ARGUMENT` if the argument is not a store, or the store has no directory; `STORE_CLOSED`
 */
export async function serveInspector(store: Corestore): Promise<InspectorSocket> {
  const { directory } = viewOf(store)
  if (directory === null) throw badArgument('The store must be in a directory: the socket is found by it')
  await store.ready()
  const path = socketPath(directory)
  const server = createServer((socket) => {
    void answer(store, socket)
  })
  server.maxConnections = MOST_CLIENTS
  server.unref()
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.unref()
    socket.on('error', () => {}) // the client has ended
    socket.once('close', () => sockets.delete(socket))
  })
  await listen(server, path)
  const close = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  if (isClosed(store)) {
    await close()
    throw storeClosed()
  }
  store.once('close', () => void close())
  return { path, close }
}

/** This process has the lock of the store, so an existing socket was left by a process that ended. */
async function listen(server: Server, path: string): Promise<void> {
  try {
    if (process.platform !== 'win32') unlinkSync(path)
  } catch {
    // no socket was left
  }
  // `listen` creates the socket before it returns: only its owner may use it.
  const before = process.umask(0o177)
  try {
    server.listen(path)
  } finally {
    process.umask(before)
  }
  await once(server, 'listening')
}

async function answer(store: Corestore, socket: Socket): Promise<void> {
  const abort = new AbortController()
  socket.once('close', () => abort.abort())
  try {
    const request = await readRequest(socket)
    for await (const value of valuesOf(store, request, abort.signal)) {
      if (socket.destroyed) return
      await write(socket, { value })
    }
    await write(socket, { end: true })
  } catch (error) {
    const code = error instanceof InspectorError ? error.code : 'FAILED'
    const message = error instanceof Error ? error.message : String(error)
    await write(socket, { error: { code, message } })
  }
  socket.end()
}

async function* valuesOf(store: Corestore, request: Request, signal: AbortSignal): AsyncGenerator<unknown> {
  if (typeof request !== 'object' || request === null) throw badArgument(QUESTIONS)
  if (request.ask === 'inspect') yield* inspected(store, readStored({ stored: request.stored }))
  else if (request.ask === 'list') yield* list(store)
  else if (request.ask === 'explain') {
    const { key, peer, patience } = request
    yield await explain(store, key, peer, { patience })
  } else if (request.ask === 'watch') {
    const changes = new Changes()
    for await (const observation of watch(store, { interval: request.interval, signal }))
      yield changes.next(observation)
  } else throw badArgument(QUESTIONS)
}

/** A picture with some of its cores, then the other cores in parts: one line for 100,000 cores would take a second and much memory. */
async function* inspected(store: Corestore, stored: boolean): AsyncGenerator<PicturePart> {
  const picture = await inspect(store)
  const { cores } = picture
  yield { ...picture, cores: cores.slice(0, PART) }
  for (let start = PART; start < cores.length; start += PART)
    yield { cores: cores.slice(start, start + PART) }
  if (!stored) return
  const known = new Set(cores.map(({ discoveryKey }) => discoveryKey))
  for await (const part of list(store)) {
    // A core of the picture may have closed since.
    yield { cores: part.filter(({ discoveryKey }) => !known.has(discoveryKey)) }
  }
}

/** Reads the first line, and ignores what follows it. */
function readRequest(socket: Socket): Promise<Request> {
  return new Promise((resolve, reject) => {
    let text = ''
    const done = () => {
      socket.off('data', ondata)
      socket.setTimeout(0)
      socket.resume()
    }
    const ondata = (part: string) => {
      text += part
      const end = text.indexOf('\n')
      if (end === -1 && text.length <= MOST_REQUEST) return
      done()
      if (end === -1 || end > MOST_REQUEST) reject(badArgument('The request is too long'))
      else resolve(parse(text.slice(0, end)))
    }
    socket.setEncoding('utf8')
    socket.setTimeout(PATIENCE, () => socket.destroy())
    socket.once('close', () => reject(badArgument('The connection was closed before a request')))
    socket.on('data', ondata)
  })
}

async function parse(line: string): Promise<Request> {
  try {
    return JSON.parse(line)
  } catch {
    throw badArgument('The request must be a line of JSON')
  }
}

/** Waits until a slow reader can receive more. */
async function write(socket: Socket, value: Answer): Promise<void> {
  if (socket.destroyed || socket.write(`${JSON.stringify(value)}\n`)) return
  await new Promise<void>((resolve) => {
    socket.once('drain', resolve)
    socket.once('close', () => resolve())
  })
}
