// A store on a network: Hyperswarm finds peers by the discovery keys of cores, and each connection is replicated.

import type { Corestore } from '@coreyard/corestore'
import type { NoiseSecretStream } from '@coreyard/hypercore-types'
import type Hyperswarm from 'hyperswarm'
import { type NodeOptions, withNode } from './node.js'
import type { Output } from './output.js'

interface SwarmOptions extends NodeOptions {
  readonly maxServerConnections?: number
}

/** Replicates a store with every peer that a swarm finds, for as long as `use` takes. */
export async function withSwarm<T>(
  store: Corestore,
  { bootstrap, signal, keyPair, maxServerConnections }: SwarmOptions,
  use: (swarm: Hyperswarm) => Promise<T>,
): Promise<T> {
  // It takes longer to import than most commands take.
  const { default: Swarm } = await import('hyperswarm')
  return withNode({ bootstrap, signal, keyPair }, async (dht, leave) => {
    const swarm = new Swarm({ dht, keyPair, maxServerConnections })
    swarm.on('connection', (connection) => {
      connection.on('error', () => {}) // a lost peer is no matter: the swarm looks for it again
      store.replicate(connection)
    })
    try {
      const result = await use(swarm)
      await Promise.all([...swarm.connections].map(sent))
      return result
    } finally {
      leave()
      await swarm.destroy()
    }
  })
}

/** What to look at if no node of the network has answered. */
export const SILENCE_ADVICE = 'is this machine connected, and is --bootstrap right?'

/** Whether any node of the network has answered. */
export function hasAnswered({ dht }: Hyperswarm): boolean {
  return dht.stats.requests.responses > 0
}

/** Says so if no node of the network has answered. */
export function noteSilence(swarm: Hyperswarm, output: Output): void {
  if (hasAnswered(swarm)) return
  output.note(
    'No node of the network has answered, so peers cannot find what is here. The command keeps trying',
  )
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
