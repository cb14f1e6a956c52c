// A store on a network: Hyperswarm finds peers by the discovery keys of cores, and each connection is replicated.

import type { Corestore } from '@coreyard/corestore'
import type { KeyPair, NoiseSecretStream } from '@coreyard/hypercore-types'
import { type Command, Option } from 'commander'
import type DHT from 'hyperdht'
import type Hyperswarm from 'hyperswarm'
import { usage } from './errors.js'
import { visible } from './text.js'

export interface Address {
  readonly host: string
  readonly port: number
}

/** `--bootstrap`, which may be given more than once. */
export function withBootstrap(command: Command): Command {
  const option = new Option(
    '--bootstrap <host:port...>',
    'nodes of a network of your own. Default: the public one',
  )
  return command.addOption(option)
}

export function readAddresses(texts: readonly string[] | undefined): Address[] {
  return (texts ?? []).map((text) => {
    const colon = text.lastIndexOf(':')
    const [host, port] = [text.slice(0, colon), Number(text.slice(colon + 1))]
    if (host !== '' && Number.isInteger(port) && port > 0 && port < 65536) return { host, port }
    throw usage(`--bootstrap must be host:port, not ${visible(text)}`)
  })
}

/** The option `--timeout`, given in seconds, as milliseconds. */
export function timeoutOption(description: string, seconds: number): Option {
  const option = new Option('--timeout <seconds>', description)
  return option.argParser(readSeconds).default(seconds * 1000, String(seconds))
}

function readSeconds(text: string): number {
  const seconds = Number(text)
  if (Number.isFinite(seconds) && seconds > 0 && text.trim() !== '') return seconds * 1000
  throw usage(`--timeout must be seconds above 0, not ${visible(text)}`)
}

/** Replicates a store with every peer that a swarm finds, for as long as `use` takes. */
export async function withSwarm<T>(
  store: Corestore,
  bootstrap: readonly Address[],
  use: (swarm: Hyperswarm) => Promise<T>,
  options: { readonly keyPair?: KeyPair; readonly maxServerConnections?: number } = {},
): Promise<T> {
  // They take longer to import than most commands take.
  const { default: Swarm } = await import('hyperswarm')
  const swarm = new Swarm({ ...options, dht: await joinNetwork(bootstrap, options.keyPair) })
  swarm.on('connection', (connection) => {
    connection.on('error', () => {}) // a lost peer is no matter: the swarm looks for it again
    store.replicate(connection)
  })
  try {
    const result = await use(swarm)
    await Promise.all([...swarm.connections].map(sent))
    return result
  } finally {
    await swarm.destroy()
  }
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
