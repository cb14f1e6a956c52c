// The connection to the store on Node.js. A new one is made when it breaks.

import { webSocketStream } from '@coreyard/corestore/websocket'
import type { Notebooks } from './notebooks.js'

/** Milliseconds until the next try. */
const RETRY = 1000

export function stayConnected(notebooks: Notebooks, told: (isConnected: boolean) => void): void {
  notebooks.onCreated = (key) => {
    share([key]).catch(() => {}) // all keys are shared when there is a connection again
  }
  connect(notebooks, told)
}

function connect(notebooks: Notebooks, told: (isConnected: boolean) => void): void {
  const socket = new WebSocket(new URL('/replicate', location.origin.replace(/^http/, 'ws')))
  const stream = notebooks.store.replicate(true)
  stream.pipe(webSocketStream(socket)).pipe(stream)
  socket.addEventListener('open', () => {
    told(true)
    exchangeKeys(notebooks).catch(() => socket.close())
  })
  socket.addEventListener('close', () => {
    told(false)
    setTimeout(() => connect(notebooks, told), RETRY)
  })
}

/** Each side only replicates what it knows the key of. */
async function exchangeKeys(notebooks: Notebooks): Promise<void> {
  await share(notebooks.ownKeys)
  const keys: string[] = await (await fetch('/keys')).json()
  for (const key of keys) await notebooks.follow(key)
}

async function share(keys: readonly string[]): Promise<void> {
  await fetch('/keys', { method: 'POST', body: JSON.stringify(keys) })
}
