/**
 * A WebSocket as a stream, to replicate over: of a browser, of Node.js 22, or of the package `ws`. Both sides use the same function.
 *
 * ```js
 * import { webSocketStream } from '@coreyard/corestore/websocket'
 *
 * const stream = store.replicate(true) // `false` on the other side
 * stream.pipe(webSocketStream(new WebSocket('wss://example.com/replicate'))).pipe(stream)
 * ```
 *
 * @module
 */
import type { ByteDuplex } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { Duplex } from 'streamx'
import { CorestoreError } from './errors/errors.js'

/** What a stream needs of a WebSocket. */
export interface WebSocketLike {
  binaryType: string
  readonly readyState: number
  /** Bytes that were given to it and are not sent yet. */
  readonly bufferedAmount: number
  /** Sends bytes. (Each platform names the types that it takes in another way.) */
  send(data: never): void
  /** Ends the connection. */
  close(): void
  /** The connection is there. */
  addEventListener(type: 'open', listener: () => void): void
  /** It has ended; `code` says why, as RFC 6455 lists them. */
  addEventListener(type: 'close', listener: (event: { readonly code: number }) => void): void
  /** A message has come. */
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  /** It has failed. */
  addEventListener(type: 'error', listener: (event: object) => void): void
  /** That of `ws` can be told not to read; a browser's cannot. */
  pause?(): void
  /** Reads again after `pause`. */
  resume?(): void
}

/** States of a WebSocket (its standard). */
const CONNECTING = 0
const OPEN = 1

/** A write waits while more bytes than these are not sent yet. */
const MOST_UNSENT = 1024 * 1024
/** How often it looks, in milliseconds: a WebSocket does not tell. */
const SEND_INTERVAL = 5
/** What a peer may send that is not read yet, in bytes, where the WebSocket cannot be paused. Hypercore asks for far less at a time. */
const MOST_UNREAD = 256 * 1024 * 1024
/** Closed as one side wished: normal, going away, and no code at all (RFC 6455, 7.4.1). */
const CLEAN = [1000, 1001, 1005]

/**
 * A stream of the bytes that a WebSocket sends and gets, each message a chunk. It opens with the WebSocket and ends with it; ending or
 * destroying it closes the WebSocket. The errors are `CorestoreError`s with the code `WEBSOCKET_FAILED`.
 *
 * @throws a `CorestoreError` with the code `BAD_ARGUMENT` for anything but a WebSocket
 */
export function webSocketStream(socket: WebSocketLike): ByteDuplex {
  if (!isWebSocket(socket)) {
    throw new CorestoreError(
      'BAD_ARGUMENT',
      `socket must be a WebSocket, not ${CorestoreError.describe(socket)}`,
    )
  }
  // streamx declares chunks as unknown.
  return new WebSocketStream(socket) as unknown as ByteDuplex
}

type Callback = (error: Error | null) => void

class WebSocketStream extends Duplex {
  readonly #socket: WebSocketLike
  #opened: Callback | null = null
  #unread = 0

  constructor(socket: WebSocketLike) {
    super()
    // What it is piped with is destroyed with it, and has the error: it need not be handled twice.
    this.on('error', () => {})
    this.#socket = socket
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('open', () => this.#endOpening())
    socket.addEventListener('message', ({ data }) => this.#received(data))
    socket.addEventListener('error', (event) => this.#fail(`has failed${reasonOf(event)}`))
    socket.addEventListener('close', ({ code }) => this.#closed(code))
  }

  override _open(done: Callback): void {
    const { readyState } = this.#socket
    if (readyState === OPEN) done(null)
    else if (readyState === CONNECTING) this.#opened = done
    else done(failure('is closed already'))
  }

  override _read(done: Callback): void {
    this.#unread = 0
    this.#socket.resume?.()
    done(null)
  }

  override _write(data: unknown, done: Callback): void {
    try {
      this.#socket.send(data as never)
    } catch (error) {
      done(failure(`cannot send${reasonOf({ error })}`))
      return
    }
    this.#whenSent(done)
  }

  override _final(done: Callback): void {
    this.#socket.close() // sends what is left
    done(null)
  }

  override _predestroy(): void {
    this.#endOpening(failure('was closed'))
    this.#socket.close()
  }

  #whenSent(done: Callback): void {
    const { bufferedAmount, readyState } = this.#socket
    if (bufferedAmount <= MOST_UNSENT || readyState !== OPEN) done(null)
    else setTimeout(() => this.#whenSent(done), SEND_INTERVAL)
  }

  #received(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) {
      this.#fail('was sent text, and not bytes')
      return
    }
    const bytes = b4a.toBuffer(new Uint8Array(data))
    if (this.push(bytes)) return
    this.#unread += bytes.byteLength
    if (this.#socket.pause !== undefined) this.#socket.pause()
    else if (this.#unread > MOST_UNREAD) this.#fail('was sent more than is read')
  }

  #closed(code: number): void {
    this.#endOpening(failure(`was closed before it was open (${code})`))
    if (CLEAN.includes(code)) {
      this.push(null)
      this.end(null)
    } else {
      this.#fail(`was cut off (${code})`)
    }
  }

  #endOpening(error: Error | null = null): void {
    const opened = this.#opened
    this.#opened = null
    opened?.(error)
  }

  #fail(what: string): void {
    this.destroy(failure(what))
  }
}

function isWebSocket(value: unknown): value is WebSocketLike {
  return (
    typeof value === 'object' &&
    value !== null &&
    'send' in value &&
    typeof value.send === 'function' &&
    'bufferedAmount' in value &&
    'addEventListener' in value
  )
}

function failure(what: string): CorestoreError {
  return new CorestoreError('WEBSOCKET_FAILED', `The WebSocket ${what}`)
}

/** Node.js says why, browsers do not. */
function reasonOf(event: object): string {
  const error: unknown = Reflect.get(event, 'error')
  return error instanceof Error && error.message !== '' ? `: ${error.message}` : ''
}
