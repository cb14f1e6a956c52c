// A process of peers, which a task talks to: a message each way.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { BenchError } from '../bench-error.js'
import type { Store } from '../contestants/contestant.js'

const require = createRequire(import.meta.url)

/** The peers of a task, in a process of their own, so that the processor time of this one is that of the store. */
export class Program {
  readonly #process: ChildProcess

  /** @param name a program of this package, as its `exports` call it */
  constructor(name: string) {
    this.#process = fork(require.resolve(`@coreyard/bench/${name}`), { execArgv: [] })
  }

  /** Tells the program something, and waits for its next message. */
  async ask<Answer>(message: object | string): Promise<Answer> {
    this.#process.send(message)
    const abort = new AbortController()
    try {
      return await Promise.race([
        once(this.#process, 'message', { signal: abort.signal }).then(([answer]) => answer as Answer),
        once(this.#process, 'exit', { signal: abort.signal }).then(([code]) => {
          throw new BenchError('MEASUREMENT_FAILED', `The process of the peers ended with ${code}`)
        }),
      ])
    } finally {
      abort.abort()
    }
  }

  kill(): void {
    this.#process.kill()
  }
}

export interface ListenOptions {
  /** A peer may end its side before the store has read all: then the store's side ends with the stream. Default: it ends at once. */
  readonly allowHalfOpen?: boolean
  /** Told how many bytes have come, each time. */
  received?(bytes: number): void
}

/** A server on loopback where a store replicates with each peer that connects. */
export async function listen(
  store: Pick<Store, 'replicate'>,
  { allowHalfOpen = false, received }: ListenOptions = {},
): Promise<{ readonly port: number; close(): void }> {
  const server = createServer({ allowHalfOpen }, (socket) => {
    socket.setNoDelay(true)
    const stream = store.replicate(false)
    socket.on('error', () => {}) // the peer has gone, and the stream ends
    stream.on('error', () => {})
    stream.on('close', () => socket.destroySoon())
    socket.pipe(stream).pipe(socket)
    if (received) socket.on('data', ({ byteLength }) => received(byteLength))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, close: () => void server.close() }
}
