// The site: the page's files, the keys of notebooks, and the WebSocket to replicate over. On this machine only.

import { once } from 'node:events'
import { createReadStream, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { webSocketStream } from '@coreyard/corestore/websocket'
import { WebSocketServer } from 'ws'
import type { NodeStore } from './node-store.js'

const FILES = fileURLToPath(new URL('page', import.meta.url))
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

export interface Site {
  readonly address: string
  close(): void
}

/** @param port 0: one that is free */
export async function serveSite(store: NodeStore, port: number): Promise<Site> {
  const server = createServer((request, response) => {
    answer(store, request, response).catch(() => response.writeHead(400).end())
  })
  const sockets = new WebSocketServer({ server, path: '/replicate' })
  sockets.on('error', () => {}) // those of the server, which are told where it begins to listen
  sockets.on('connection', (socket) => store.replicate(webSocketStream(socket)))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      server.close()
    },
  }
}

async function answer(store: NodeStore, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  if (pathname !== '/keys') sendFile(pathname, response)
  else if (request.method === 'POST') {
    for (const key of keysIn(await text(request))) await store.follow(key)
    response.end()
  } else {
    response.setHeader('content-type', 'application/json').end(JSON.stringify([store.key]))
  }
}

function keysIn(body: string): string[] {
  const keys: unknown = JSON.parse(body)
  if (!Array.isArray(keys) || !keys.every((key) => /^[0-9a-f]{64}$/.test(String(key)))) {
    throw new Error('not a list of keys in hex')
  }
  return keys.map(String)
}

function sendFile(pathname: string, response: ServerResponse): void {
  const file = join(FILES, normalize(pathname === '/' ? '/index.html' : pathname))
  if (!file.startsWith(FILES) || statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    response.writeHead(404).end()
    return
  }
  response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream')
  createReadStream(file).pipe(response)
}
