// The window as a web page, only for this machine.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import icon from '../page/icon.svg?source'
import html from '../page/index.html?source'
import program from '../page/page.js?source'
import base from '../page/style/base.css?source'
import details from '../page/style/details.css?source'
import events from '../page/style/events.css?source'
import lists from '../page/style/lists.css?source'
import { Feed } from '../source/feed.js'
import type { Source } from '../source/source.js'
import { Client } from './client.js'
import { HEADERS, isOwnHost, isToken, newToken } from './guard.js'

/** The options of `serveWindow`. */
export interface WindowOptions {
  /** The port on 127.0.0.1. Default: 0, which picks a free port. */
  readonly port?: number | undefined
  /** The connection of a page is closed if it reads nothing for this long, in milliseconds. Default: 30,000. */
  readonly patience?: number | undefined
}

/** A window that is served. */
export interface ServedWindow {
  /** The address, with the token. Anyone with this address can see the window. */
  readonly address: string
  /** Stops the server and closes all connections. */
  close(): Promise<void>
}

/** How many pages may show the window at a time. */
const MOST_CLIENTS = 16
/** How many connections there may be. A browser has up to six. */
const MOST_CONNECTIONS = 128
/** How many explanations may run at a time. */
const MOST_EXPLAINED = 4
/** The maximum size of the headers of a request, in bytes. */
const MOST_HEADERS = 8192
/** How long a request may take to arrive, in milliseconds. */
const REQUEST_TIMEOUT = 10_000
const DEFAULT_PATIENCE = 30_000

const NOT_HERE = 'This window is for this machine: open it by its address 127.0.0.1.'
const NO_TOKEN =
  'The address has no token, or not that of this window: open the one that the command has printed.'
const TOO_MANY = `${MOST_CLIENTS} pages show this window already: close one.`

const FILES: { readonly [path: string]: readonly [type: string, text: string] } = {
  '': ['text/html; charset=utf-8', html],
  'page.js': ['text/javascript; charset=utf-8', program],
  'style.css': ['text/css; charset=utf-8', base + lists + details + events],
  'icon.svg': ['image/svg+xml', icon],
}

/** Serves a source as a web page on 127.0.0.1 until `close` is called. Rejects if the port is taken. */
export async function serveWindow(source: Source, options: WindowOptions = {}): Promise<ServedWindow> {
  const window = new Window(source, options.patience ?? DEFAULT_PATIENCE)
  await window.listen(options.port ?? 0)
  return window
}

class Window implements ServedWindow {
  readonly #feed: Feed
  readonly #patience: number
  readonly #token = newToken()
  readonly #clients = new Set<Client>()
  readonly #server = createServer(
    { maxHeaderSize: MOST_HEADERS, requestTimeout: REQUEST_TIMEOUT, headersTimeout: REQUEST_TIMEOUT },
    (request, response) => this.#answer(request, response),
  )
  #port = 0
  #explaining = 0

  constructor(source: Source, patience: number) {
    this.#feed = new Feed(source)
    this.#patience = patience
    this.#server.maxConnections = MOST_CONNECTIONS
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}/${this.#token}/`
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    this.#port = typeof address === 'object' && address !== null ? address.port : port
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const client of this.#clients) client.end()
    this.#server.closeAllConnections()
    await Promise.all([closed, this.#feed.end()])
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
    const [pathname = '', query] = (request.url ?? '').split('?')
    const [, token = '', ...rest] = pathname.split('/')
    const path = rest.join('/')
    const file = Object.hasOwn(FILES, path) ? FILES[path] : undefined
    if (!isOwnHost(request.headers.host, this.#port)) refuse(response, 403, NOT_HERE)
    else if (!isToken(token, this.#token)) refuse(response, 403, NO_TOKEN)
    else if (request.method !== 'GET')
      refuse(response, 405, 'A window can only be looked at.', { allow: 'GET' })
    else if (rest.length === 0) response.writeHead(308, { location: `/${this.#token}/` }).end()
    else if (file !== undefined) response.setHeader('content-type', file[0]).end(file[1])
    else if (path === 'explain') void this.#explain(new URLSearchParams(query), response)
    else if (path !== 'events') refuse(response, 404, 'There is nothing here.')
    else if (this.#clients.size >= MOST_CLIENTS) refuse(response, 503, TOO_MANY)
    else this.#follow(response)
  }

  #follow(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const client = new Client(this.#feed, response, this.#patience)
    this.#clients.add(client)
    response.once('close', () => this.#clients.delete(client))
  }

  async #explain(parameters: URLSearchParams, response: ServerResponse): Promise<void> {
    const core = parameters.get('core') ?? ''
    const peer = parameters.get('peer') || null
    if (!this.#feed.board.rows.has(core)) return refuse(response, 404, 'There is no such core.')
    if (peer !== null && !/^[0-9a-f]{64}$/.test(peer)) return refuse(response, 400, 'There is no such peer.')
    if (this.#explaining >= MOST_EXPLAINED) return refuse(response, 503, 'Too much is asked at a time.')
    this.#explaining++
    try {
      const explanation = await this.#feed.explain(core, peer)
      response.setHeader('content-type', 'application/json').end(JSON.stringify(explanation))
    } catch (error) {
      refuse(response, 503, error instanceof Error ? error.message : String(error))
    } finally {
      this.#explaining--
    }
  }
}

function refuse(response: ServerResponse, status: number, message: string, headers = {}): void {
  response.writeHead(status, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n`)
}
