// The side of the socket that looks into the store of another process.

import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { InspectorError } from '../errors.js'
import type { ExplainOptions, Explanation } from '../explain/explain.js'
import type { InspectOptions } from '../inspect.js'
import type { CorePicture, Picture } from '../picture.js'
import type { Observation, WatchOptions } from '../watch.js'
import { type Answer, type PicturePart, type Request, socketPath } from './protocol.js'
import { type Change, RemoteCores } from './remote-watch.js'

/** The store of another process, to look into. */
export interface RemoteStore {
  /** As `inspect(store, options)`. */
  inspect(options?: InspectOptions): Promise<Picture>
  /** As `list(store)`. */
  list(): AsyncGenerator<readonly CorePicture[], void, undefined>
  /** As `watch(store, options)`. */
  watch(options?: WatchOptions): AsyncGenerator<Observation, void, undefined>
  /** As `explain(store, key, peer, options)`. Keys are 64 characters of hex or 52 of z32. */
  explain(key: string, peer?: string | null, options?: ExplainOptions): Promise<Explanation>
}

/**
 * The store in a directory that another process has open, and has called `serveInspector` for.
 *
 * Its methods reject with an `InspectorError` `NOT_SERVED` if none has.
 */
export function remoteStore(directory: string): RemoteStore {
  const path = socketPath(directory)
  return {
    inspect: ({ stored } = {}) => whole(path, { ask: 'inspect', stored }),
    list: () => all<readonly CorePicture[]>(path, { ask: 'list' }),
    explain: (key, peer = null) => one<Explanation>(path, { ask: 'explain', key, peer }),
    watch: (options = {}) => observations(path, options),
  }
}

async function* observations(
  path: string,
  { interval, signal }: WatchOptions,
): AsyncGenerator<Observation, void, undefined> {
  const cores = new RemoteCores()
  for await (const change of answers<Change>(path, { ask: 'watch', interval }, signal))
    yield cores.observe(change)
}

/** A picture that comes in parts. */
async function whole(path: string, request: Request): Promise<Picture> {
  let picture: Picture | null = null
  const cores: CorePicture[] = []
  for await (const part of all<PicturePart>(path, request)) {
    if ('store' in part) picture = part
    for (const core of part.cores) cores.push(core)
  }
  if (picture === null) throw closedMeanwhile()
  return { ...picture, cores }
}

async function one<T>(path: string, request: Request): Promise<T> {
  for await (const value of answers<T>(path, request)) return value
  throw closedMeanwhile()
}

function closedMeanwhile(): InspectorError {
  return new InspectorError('STORE_CLOSED', 'The store of the other process closed before it answered')
}

/** All answers. Throws `STORE_CLOSED` if the other process ends before it has given them. */
async function* all<T>(path: string, request: Request): AsyncGenerator<T, void, undefined> {
  const isWhole = yield* answers<T>(path, request)
  if (!isWhole) throw closedMeanwhile()
}

/** The answers, until the other process has no more or ends. Returns whether it had given all. */
async function* answers<T>(
  path: string,
  request: Request,
  signal?: WatchOptions['signal'],
): AsyncGenerator<T, boolean, undefined> {
  if (signal?.aborted === true) return false
  const socket = await connected(path)
  const end = () => socket.destroy()
  signal?.addEventListener('abort', end)
  socket.on('error', () => {}) // the other process has ended, and with it what it says
  socket.write(`${JSON.stringify(request)}\n`)
  try {
    for await (const line of linesOf(socket)) {
      const answer = read<T>(line)
      if (answer === null) return true
      yield answer.value
    }
    return false
  } finally {
    signal?.removeEventListener('abort', end)
    socket.destroy()
  }
}

/** Until the socket ends, is destroyed or fails. */
async function* linesOf(socket: Socket): AsyncGenerator<string, void, undefined> {
  socket.setEncoding('utf8')
  let begun = ''
  try {
    for await (const part of socket as AsyncIterable<string>) {
      const [first = '', ...rest] = part.split('\n')
      begun += first
      for (const next of rest) {
        yield begun
        begun = next
      }
    }
  } catch {
    // The other process has gone, or the socket was destroyed here.
  }
}

async function connected(path: string): Promise<Socket> {
  const socket = createConnection(path)
  try {
    await once(socket, 'connect')
    return socket
  } catch (cause) {
    const message = `No process serves ${path}: the one that has the store open must call serveInspector(store)`
    throw new InspectorError('NOT_SERVED', message, { cause })
  }
}

/** `null` for the end. */
function read<T>(line: string): { readonly value: T } | null {
  const answer: Answer = JSON.parse(line)
  if ('end' in answer) return null
  if ('value' in answer) return { value: answer.value as T }
  const { code, message } = answer.error
  const known = code === 'BAD_ARGUMENT' || code === 'STORE_CLOSED' || code === 'STORE_SUSPENDED'
  throw known ? new InspectorError(code, message) : new Error(message)
}
