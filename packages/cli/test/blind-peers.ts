// Blind-peers for the tests, and a client that asks them to keep a core.

import { join } from 'node:path'
import { Corestore, memoryStorage } from '@coreyard/corestore'
import type { Hypercore, NoiseSecretStream } from '@coreyard/hypercore-types'
import type { Testnet } from '@hyperswarm/testnet'
import BlindPeer from 'blind-peer'
import BlindPeering from 'blind-peering'
import Hyperswarm from 'hyperswarm'
import { onTestFinished } from 'vitest'
import { newDirectory } from './command.js'

/** A blind-peer that listens, with its store in memory. */
export async function blindPeer(testnet: Testnet, trustedPubKeys: Uint8Array[] = [], maxBytes = 1_000_000) {
  const store = openStore({ active: false })
  const swarm = new Hyperswarm({ dht: testnet.createNode({ firewalled: false }) })
  onTestFinished(() => swarm.destroy())
  const peer = new BlindPeer(join(newDirectory(), 'records'), {
    store,
    swarm,
    maxBytes,
    trustedPubKeys,
  })
  swarm.on('connection', (connection) => store.replicate(connection))
  onTestFinished(() => peer.close())
  await peer.listen()
  return { peer, store, swarm }
}

/** Asks to keep a core; gives the core, and the stream that it is asked on. */
export async function ask(
  testnet: Testnet,
  peer: BlindPeer,
  node = testnet.createNode({ firewalled: false }),
): Promise<{ readonly core: Hypercore; readonly stream: NoiseSecretStream }> {
  const store = openStore()
  const core = store.get({ name: 'core' })
  await core.ready()
  const stream = await new Promise<NoiseSecretStream>((resolve) => {
    const replicate = (opened: NoiseSecretStream) => {
      store.replicate(opened)
      opened.on('error', () => {})
      resolve(opened)
    }
    const peering = new BlindPeering(node, { replicate })
    onTestFinished(() => peering.close())
    peering.addCoreBackground(core, { keys: [peer.publicKey], pick: 1, announce: true, priority: 0 })
  })
  return { core, stream }
}

export function openStore(options: { active?: boolean } = {}): Corestore {
  const store = new Corestore(memoryStorage(), options)
  onTestFinished(() => store.close())
  return store
}
