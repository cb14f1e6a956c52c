// Blind peers for the tests, and those who have them keep something.

import type { Hypercore, NoiseSecretStream } from '@coreyard/hypercore-types'
import type { Testnet } from '@hyperswarm/testnet'
import BlindPeer from 'blind-peer'
import BlindPeering from 'blind-peering'
import type DHT from 'hyperdht'
import Hyperswarm from 'hyperswarm'
import { onTestFinished } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { bytes32, hex } from '../helpers/bytes.js'
import { next } from '../helpers/events.js'
import { createStore } from '../helpers/stores.js'

/** A blind peer that runs. */
export interface Running {
  readonly peer: BlindPeer
  /** The first core that it announces, when that is done. */
  readonly announced: Promise<Hypercore>
  stop(): Promise<void>
}

/**
 * A blind peer on the store of that name. When it runs again it is found by the same key.
 *
 * @param directory for its own records, which are not the store's business
 */
export async function runBlindPeer(
  network: Testnet,
  directory: string,
  options?: { maxBytes?: number; trustedPubKeys?: Uint8Array[] },
): Promise<Running> {
  const store = createStore('blind peer', { active: false })
  const swarm = openSwarm(network, store, bytes32(99))
  const peer = new BlindPeer(directory, { store, swarm, ...options })
  peer.on('muxer-error', (error) => {
    throw error
  })
  const announced = next(peer, 'announce-core').then(async ([core]) => {
    await swarm.flush()
    return core
  })
  const stop = async () => {
    await peer.close()
    await swarm.destroy()
    await store.close()
  }
  onTestFinished(stop)
  await peer.listen()
  return { peer, announced, stop }
}

/** A swarm that replicates a store over every connection. */
export function openSwarm(
  network: Testnet,
  store: { replicate(connection: NoiseSecretStream): unknown },
  seed?: Uint8Array,
): Hyperswarm {
  const swarm = new Hyperswarm({ dht: network.createNode({ firewalled: false }), seed })
  onTestFinished(() => swarm.destroy())
  swarm.on('connection', (connection) => store.replicate(connection))
  return swarm
}

/** Who asks a blind peer to keep cores of a store, and replicates the store with it. */
export function openPeering(node: DHT, store: Corestore, { peer }: Running): BlindPeering {
  const peering = new BlindPeering(node, store, { keys: [peer.publicKey] })
  onTestFinished(() => peering.close())
  return peering
}

/** Waits until a blind peer has all of a core, so many blocks. */
export function kept({ peer }: Running, key: Uint8Array | null, length: number): Promise<void> {
  return new Promise((resolve) => {
    peer.on('core-activity', (core) => {
      if (hex(core.key) === hex(key) && core.contiguousLength >= length) resolve()
    })
  })
}
