// The side of the socket that inspects the store of another process.

import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { InspectorError } from '../errors.js'
import { type ExplainOptions, type Explanation, readPatience } from '../explain/explain.js'
import { type InspectOptions, readOptions, readStored } from '../inspect.js'
import type { CorePicture, Picture } from '../picture.js'
import {
  expectSignal,
  type Observation,
  readWatchOptions,
  type WatchOptions,
  type WatchSignal,
} from '../watch.js'
import { type Answer, type PicturePart, type Request, socketPath } from './protocol.js'
import { type Change, RemoteCores } from './remote-watch.js'

/** The options of `remoteStore`. */
export interface RemoteOptions {
  /** Aborts all calls, in case the other process hangs and does not answer. */
  readonly signal?: AbortSignal | undefined
}

const OPTIONS: ReadonlySet<string> = new Set<keyof RemoteOptions>(['signal'])

/** A store that another process has open. Its methods take the options of the functions of the same name. */
export interface RemoteStore {
  /** Like `inspect(store, options)`. */
  inspect(options?: InspectOptions): Promise<Picture>
  /** Like `list(store)`. */
  list(): AsyncGenerator<readonly CorePicture[], void, undefined>
  /** Like `watch(store, options)`. */
  watch(options?: WatchOptions): AsyncGenerator<Observation, void, undefined>
  /** Like `explain(store, key, peer, options)`. Keys are 64 characters of hex or 52 of z32. */
  explain(key: string, peer?: string | null, options?: ExplainOptions): Promise<Explanation>
}

/**
 * Returns the store in `directory`, which another process has open and serves with `serveInspector`.
 *
 * Its methods reject with an `InspectorError` `NOT_SERVED` if no process serves it, with `STORE_CLOSED` if that process ends before it has
 * answered, and with the reason of `signal` when that aborts. A `watch` ends without an error when that process ends or `signal` aborts.
 *
 * @throws InspectorError `BAD_ARGUMENT` for an invalid option
 */
export function remoteStore(directory: string, options: RemoteOptions = {}): RemoteStore {
  const { signal } = readOptions(options, OPTIONS)
  expectSignal(signal)
  const path = socketPath(directory)
  return {
    inspect: async (options = {}) => whole(path, { ask: 'inspect', stored: readStored(options) }, signal),
    list: () => all<readonly CorePicture[]>(path, { ask: 'list' }, signal),
    explain: async (key, peer = null, options = {}) => {
      const patience = Math.min(readPatience(options), Number.MAX_SAFE_INTEGER) // JSON has no Infinity
      return one<Explanation>(path, { ask: 'explain', key, peer, patience }, signal)
    },
    watch: (options = {}) => {
      const { interval, signal: leaving } = readWatchOptions(options)
      return observations(path, interval, [leaving, signal])
    },
  }
}

/** A call ends when one of them aborts. */
type Signals = readonly (WatchSignal | undefined)[]

async function* observations(
  path: string,
  interval: number,
  signals: Signals,
): AsyncGenerator<Observation, void, undefined> {
  const cores = new RemoteCores()
  for await (const change of answers<Change>(path, { ask: 'watch', interval }, signals))
    yield cores.observe(change)
}

/** Puts together a picture that arrives in parts. */
async function whole(path: string, request: Request, signal: AbortSignal | undefined): Promise<Picture> {
  let picture: Picture | null = null
  const cores: CorePicture[] = []
  for await (const part of all<PicturePart>(path, request, signal)) {
    if ('store' in part) picture = part
    for (const core of part.cores) cores.push(core)
  }
  if (picture === null) throw unanswered(signal)
  return { ...picture, cores }
}

async function one<T>(path: string, request: Request, signal: AbortSignal | undefined): Promise<T> {
  for await (const value of answers<T>(path, request, [signal])) return value
  throw unanswered(signal)
}

function unanswered(signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return signal.reason
  return new InspectorError('STORE_CLOSED', 'The store of the other process closed before it answered')
}

/** Yields all answers. Throws `STORE_CLOSED` if the other process ends before the last one, or the reason of the signal. */
async function* all<T>(
  path: string,
  request: Request,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  const isWhole = yield* answers<T>(path, request, [signal])
  if (!isWhole) throw unanswered(signal)
}

/** Yields the answers until the last one, or until the other process ends. Returns whether it sent all answers. */
async function* answers<T>(
  path: string,
  request: Request,
  signals: Signals,
): AsyncGenerator<T, boolean, undefined> {
  const isLeft = () => signals.some((signal) => signal?.aborted)
  if (isLeft()) return false
  const socket = await connected(path)
  const end = () => socket.destroy()
  for (const signal of signals) signal?.addEventListener('abort', end)
  if (isLeft()) end() // while it connected
  socket.on('error', () => {}) // the other process has ended, and the loop below ends
  socket.write(`${JSON.stringify(request)}\n`)
  try {
    for await (const line of linesOf(socket)) {
      const answer = read<T>(line)
      if (answer === null) return true
      yield answer.value
    }
    return false
  } finally {
    for (const signal of signals) signal?.removeEventListener('abort', end)
    socket.destroy()
  }
}

/** Yields the lines until the socket ends, is destroyed or fails. */
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
    // The other process has ended, or the socket was destroyed here.
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

/** Returns `null` for the end. */
function read<T>(line: string): { readonly value: T } | null {
  const answer: Answer = JSON.parse(line)
  if ('end' in answer) return null
  if ('value' in answer) return { value: answer.value as T }
  const { code, message } = answer.error
  const known = code === 'BAD_ARGUMENT' || code === 'STORE_CLOSED' || code === 'STORE_SUSPENDED'
  throw known ? new InspectorError(code, message) : new Error(message)
}
