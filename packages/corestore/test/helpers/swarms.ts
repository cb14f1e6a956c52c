// Swarms on this machine: a DHT on loopback, and stores that replicate over every connection.

import type { NoiseSecretStream } from '@coreyard/hypercore-types'
import createTestnet, { type Testnet } from '@hyperswarm/testnet'
import Hyperswarm from 'hyperswarm'
import { onTestFinished } from 'vitest'

/** Whatever replicates over a connection: a store of ours, or one of Corestore 7. */
export interface Replicating {
  replicate(connection: NoiseSecretStream): unknown
}

/** A DHT on loopback, gone when the test has finished. */
export async function localNetwork(): Promise<Testnet> {
  const testnet = await createTestnet(3)
  onTestFinished(() => testnet.destroy())
  return testnet
}

/** A swarm that replicates a store, and is found by the topic (32 bytes). */
export async function joinSwarm(
  testnet: Testnet,
  store: Replicating,
  topic: Uint8Array,
): Promise<Hyperswarm> {
  const swarm = new Hyperswarm({ dht: testnet.createNode() })
  onTestFinished(() => swarm.destroy())
  swarm.on('connection', (connection) => store.replicate(connection))
  await swarm.join(topic).flushed()
  return swarm
}
