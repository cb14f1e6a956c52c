/**
 * Turns a WebSocket into a stream that a store can replicate over. It takes the WebSocket of a browser, of Node.js 22 or later, or of the
 * package `ws`. Both sides use the same function.
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

/** The part of the WebSocket interface that the stream uses. */
export interface WebSocketLike {
  binaryType: string
  readonly readyState: number
  /** How many bytes have been passed to `send` and are not sent yet. */
  readonly bufferedAmount: number
  /** Sends bytes. The type is `never` because each platform declares the accepted types differently. */
  send(data: never): void
  /** Ends the connection. */
  close(): void
  /** Calls `listener` when the connection is open. */
  addEventListener(type: 'open', listener: () => void): void
  /** Calls `listener` when the connection has ended. `code` is the close code (RFC 6455, 7.4). */
  addEventListener(type: 'close', listener: (event: { readonly code: number }) => void): void
  /** Calls `listener` for each message that arrives. */
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  /** Calls `listener` when the connection fails. */
  addEventListener(type: 'error', listener: (event: object) => void): void
  /** Stops reading. Only the WebSocket of `ws` has this method; the one of a browser does not. */
  pause?(): void
  /** Reads again after `pause`. */
  resume?(): void
}

/** States of a WebSocket (its standard). */
const CONNECTING = 0
const OPEN = 1

/** A write waits while more bytes than this are unsent. */
const MOST_UNSENT = 1024 * 1024
/** How often a write that waits looks at `bufferedAmount`, in milliseconds: a WebSocket has no event for it. */
const SEND_INTERVAL = 5
/** How many bytes may be unread where the WebSocket cannot be paused. Hypercore requests far less at a time. */
const MOST_UNREAD = 256 * 1024 * 1024
/** The codes when a side closed it on purpose: normal, going away, and no code at all (RFC 6455, 7.4.1). */
const CLEAN = [1000, 1001, 1005]

/**
 * Returns a stream of the bytes that a WebSocket sends and receives, where each message is a chunk. The stream opens when the WebSocket
 * opens, and ends when it closes. Ending or destroying the stream closes the WebSocket.
 *
 * The stream emits a `CorestoreError` `WEBSOCKET_FAILED` if the connection fails, if a message is text, or if more than 256 MiB are unread
 * and the WebSocket has no `pause`.
 *
 * @throws CorestoreError `BAD_ARGUMENT` if `socket` is not a WebSocket
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
    // `pipe` destroys the other stream with the same error, so this one need not be handled, too.
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

/** Node.js gives a reason; browsers do not. */
function reasonOf(event: object): string {
  const error: unknown = Reflect.get(event, 'error')
  return error instanceof Error && error.message !== '' ? `: ${error.message}` : ''
}
