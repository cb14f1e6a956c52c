// What src/mirror relies on in blind-peer and its README does not promise. A test that fails here names what moved.

import { type EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import { Corestore, memoryStorage } from '@coreyard/corestore'
import type { Hypercore, NoiseSecretStream } from '@coreyard/hypercore-types'
import createTestnet, { type Testnet } from '@hyperswarm/testnet'
import BlindPeer from 'blind-peer'
import BlindPeering from 'blind-peering'
import Hyperswarm from 'hyperswarm'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { newDirectory } from './command.js'

let testnet: Testnet
beforeAll(async () => {
  testnet = await createTestnet(3)
})
afterAll(() => testnet.destroy())

test('the store and the swarm that are given are left open', async () => {
  const { peer, store, swarm } = await blindPeer()
  await peer.close()
  expect([store.closing, swarm.destroyed]).toEqual([null, false])
})

test('the key pair of a blind-peer is the one that its store derives for blind-mirror-swarm', async () => {
  const store = openStore()
  const { publicKey } = await store.createKeyPair('blind-mirror-swarm')
  const peer = new BlindPeer(join(newDirectory(), 'records'), {
    store,
    bootstrap: testnet.bootstrap,
    maxBytes: 1,
    trustedPubKeys: [],
  })
  await peer.ready()
  expect(peer.publicKey).toEqual(publicKey)
  await peer.close()
})

test('an exception of a listener to add-cores-received fails the request and closes the stream, and nothing is stored', async () => {
  const { peer, store } = await blindPeer()
  const asked = new Promise<number>((resolve) => {
    peer.on('add-cores-received', (_stream, { cores, announce }) => {
      expect(announce).toBe(false)
      resolve(cores.length)
      throw new Error('refused')
    })
  })
  const failed = once(peer as unknown as EventEmitter, 'muxer-error')
  const { stream } = await ask(peer)
  expect(await asked).toBe(1)
  const [error, from] = await failed
  expect(error).toMatchObject({ message: 'refused' })
  expect(from.remotePublicKey).toEqual(stream.publicKey)
  await new Promise<void>((resolve) => stream.once('close', resolve))
  await peer.flush()
  expect([peer.digest.cores, store.list().size]).toEqual([0, 0])
})

test('a request is received, then adds its cores, and is done, as the same object', async () => {
  const { peer } = await blindPeer()
  const events: string[] = []
  const requests = new Set<object>()
  const done = new Promise<void>((resolve) => {
    peer.on('add-cores-received', (_stream, request) => events.push('received') && requests.add(request))
    peer.on('add-new-core', () => events.push('new'))
    peer.on('add-core', () => events.push('opens'))
    peer.on('add-cores-done', (_stream, request) => {
      requests.add(request)
      resolve()
    })
  })
  await ask(peer)
  await done
  expect([events, requests.size, peer.digest.cores]).toEqual([['received', 'new', 'opens'], 1, 1])
})

test('a core whose record is deleted is forgotten with the next flush, with what was to be written of it', async () => {
  const { peer, store } = await blindPeer()
  const { core } = await ask(peer)
  const grown = new Promise<void>((resolve) => {
    store.on('core-open', (opened) => {
      opened.on('append', () => {
        const id = Buffer.from(opened.discoveryKey ?? []).toString('hex')
        expect(peer.activeReplication.get(id)?.record).toMatchObject({ announce: false })
        peer.db.deleteCore(opened.key ?? new Uint8Array())
        resolve()
      })
    })
  })
  await core.append('block')
  await grown
  await peer.flush()
  await expect.poll(() => peer.digest).toMatchObject({ cores: 0, bytesAllocated: 0 })
})

test('a core of a trusted peer is among those that are announced', async () => {
  const node = testnet.createNode({ firewalled: false })
  const { peer } = await blindPeer([node.defaultKeyPair.publicKey])
  const { core } = await ask(peer, node)
  await expect.poll(() => [...peer.announcedCores.values()].map(({ key }) => key)).toEqual([core.key])
})

async function blindPeer(trustedPubKeys: Uint8Array[] = []) {
  const store = openStore({ active: false })
  const swarm = new Hyperswarm({ dht: testnet.createNode({ firewalled: false }) })
  onTestFinished(() => swarm.destroy())
  const peer = new BlindPeer(join(newDirectory(), 'records'), {
    store,
    swarm,
    maxBytes: 1_000_000,
    trustedPubKeys,
  })
  swarm.on('connection', (connection) => store.replicate(connection))
  onTestFinished(() => peer.close())
  await peer.listen()
  return { peer, store, swarm }
}

/** Asks to keep a core; gives the core, and the stream that it is asked on. */
async function ask(
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

function openStore(options: { active?: boolean } = {}): Corestore {
  const store = new Corestore(memoryStorage(), options)
  onTestFinished(() => store.close())
  return store
}
