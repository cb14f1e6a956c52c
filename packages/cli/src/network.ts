// A store on a network: Hyperswarm finds peers by the discovery keys of cores, and each connection is replicated.

import type { Corestore } from '@coreyard/corestore'
import type { KeyPair, NoiseSecretStream } from '@coreyard/hypercore-types'
import type DHT from 'hyperdht'
import type Hyperswarm from 'hyperswarm'
import { CommandError, ExitCode } from './errors.js'
import type { Address, NetworkOptions } from './network-options.js'
import type { Output } from './output.js'

interface SwarmOptions extends NetworkOptions {
  readonly keyPair?: KeyPair
  readonly maxServerConnections?: number
}

/** Replicates a store with every peer that a swarm finds, for as long as `use` takes. */
export async function withSwarm<T>(
  store: Corestore,
  { bootstrap, signal, ...options }: SwarmOptions,
  use: (swarm: Hyperswarm) => Promise<T>,
): Promise<T> {
  // They take longer to import than most commands take.
  const { default: Swarm } = await import('hyperswarm')
  const node = await joinNetwork(bootstrap, options.keyPair)
  const swarm = new Swarm({ ...options, dht: node })
  const departure = new Departure(node)
  const depart = () => departure.begin()
  signal.addEventListener('abort', depart)
  if (signal.aborted) depart()
  swarm.on('connection', (connection) => {
    connection.on('error', () => {}) // a lost peer is no matter: the swarm looks for it again
    store.replicate(connection)
  })
  try {
    const result = await use(swarm)
    await Promise.all([...swarm.connections].map(sent))
    return result
  } catch (error) {
    // A node that was destroyed fails what waits for it.
    if (!signal.aborted || error instanceof CommandError) throw error
    throw new CommandError(
      ExitCode.interrupted,
      'INTERRUPTED',
      'It was ended before it had joined the network',
    )
  } finally {
    signal.removeEventListener('abort', depart)
    departure.begin()
    await swarm.destroy()
    departure.end()
  }
}

/** For how long a node that leaves waits for the next answer of the network, in milliseconds. A node that does not answer is asked for seconds. */
const SILENCE = 1500

/** A node that leaves its network. As soon as nothing answers, it leaves without a farewell, and what waits for an answer fails. */
class Departure {
  readonly #node: DHT
  #timer: NodeJS.Timeout | undefined

  constructor(node: DHT) {
    this.#node = node
  }

  begin(): void {
    // A node that has not joined yet has told nobody anything.
    if (!this.#node.bootstrapped) this.#destroy()
    else if (this.#timer === undefined) this.#waitForAnswers()
  }

  #waitForAnswers(): void {
    const { responses } = this.#node.stats.requests
    this.#timer = setTimeout(() => {
      if (this.#node.stats.requests.responses > responses) this.#waitForAnswers()
      else this.#destroy()
    }, SILENCE)
  }

  end(): void {
    clearTimeout(this.#timer)
  }

  #destroy(): void {
    this.#node.destroy({ force: true }).catch(() => {}) // it is destroyed again with the swarm
  }
}

/** Whether any node of the network has. */
export function hasAnswered({ dht }: Hyperswarm): boolean {
  return dht.stats.requests.responses > 0
}

/** Says so if no node of the network has answered. */
export function noteSilence(swarm: Hyperswarm, output: Output): void {
  if (hasAnswered(swarm)) return
  output.note('No node of the network has answered, so peers cannot find what is here. It goes on trying')
}

/** Settles when the peer has what was written, or the connection has closed. `flush` itself does not always settle then (udx-native 1.21). */
export async function sent(connection: NoiseSecretStream): Promise<void> {
  if (connection.destroyed) return
  const closed = new Promise<void>((resolve) => connection.once('close', resolve))
  await Promise.race([connection.flush(), closed])
}

/** How often to look for peers while there is none, in milliseconds. A swarm by itself looks again after ten minutes. */
const LOOK_AGAIN = 2000

/** Looks for the peers of cores, again and again until there is a connection, for as long as `use` takes. */
export async function whileLooking<T>(
  swarm: Hyperswarm,
  discoveryKeys: readonly Uint8Array[],
  use: () => Promise<T>,
): Promise<T> {
  const discoveries = discoveryKeys.map((key) => swarm.join(key, { server: false }))
  const timer = setInterval(() => {
    if (swarm.connections.size > 0) return
    for (const discovery of discoveries) discovery.refresh({ client: true, server: false }).catch(() => {}) // it is tried again
  }, LOOK_AGAIN)
  try {
    return await use()
  } finally {
    clearInterval(timer)
  }
}

/** A node of a DHT, whose connections are those of `keyPair`; of a random one by default. */
export async function joinNetwork(bootstrap: readonly Address[], keyPair?: KeyPair): Promise<DHT> {
  const { default: Node } = await import('hyperdht')
  if (bootstrap.length === 0) return new Node({ keyPair })
  // On loopback no firewall stands between peers: without hole punching they connect at the first try.
  const isLoopback = bootstrap.every(({ host }) => host === 'localhost' || host.startsWith('127.'))
  const here = isLoopback ? { host: '127.0.0.1', firewalled: false, ephemeral: true } : {}
  return new Node({ bootstrap: [...bootstrap], keyPair, ...here })
}
