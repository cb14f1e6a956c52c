// What src/mirror relies on in blind-peer and its README does not promise. A test that fails here names what moved.

import { type EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import createTestnet, { type Testnet } from '@hyperswarm/testnet'
import BlindPeer from 'blind-peer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, blindPeer, openStore } from './blind-peers.js'
import { newDirectory } from './command.js'

let testnet: Testnet
beforeAll(async () => {
  testnet = await createTestnet(3)
})
afterAll(() => testnet.destroy())

test('the store and the swarm that are given are left open', async () => {
  const { peer, store, swarm } = await blindPeer(testnet)
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
  const { peer, store } = await blindPeer(testnet)
  const asked = new Promise<number>((resolve) => {
    peer.on('add-cores-received', (_stream, { cores, announce }) => {
      expect(announce).toBe(false)
      resolve(cores.length)
      throw new Error('refused')
    })
  })
  const failed = once(peer as unknown as EventEmitter, 'muxer-error')
  const { stream } = await ask(testnet, peer)
  expect(await asked).toBe(1)
  const [error, from] = await failed
  expect(error).toMatchObject({ message: 'refused' })
  expect(from.remotePublicKey).toEqual(stream.publicKey)
  await new Promise<void>((resolve) => stream.once('close', resolve))
  await peer.flush()
  expect([peer.digest.cores, store.list().size]).toEqual([0, 0])
})

test('a request is received, then adds its cores, and is done, as the same object', async () => {
  const { peer } = await blindPeer(testnet)
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
  await ask(testnet, peer)
  await done
  expect([events, requests.size, peer.digest.cores]).toEqual([['received', 'new', 'opens'], 1, 1])
})

test('a core whose record is deleted is forgotten with the next flush, with what was to be written of it', async () => {
  const { peer, store } = await blindPeer(testnet)
  const { core } = await ask(testnet, peer)
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
  const { peer } = await blindPeer(testnet, [node.defaultKeyPair.publicKey])
  const { core } = await ask(testnet, peer, node)
  await expect.poll(() => [...peer.announcedCores.values()].map(({ key }) => key)).toEqual([core.key])
})
