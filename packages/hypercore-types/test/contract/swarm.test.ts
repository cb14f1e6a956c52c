import createTestnet, { type Testnet } from '@hyperswarm/testnet'
import crypto from 'hypercore-crypto'
import DHT, { type DhtServer } from 'hyperdht'
import Hyperswarm, { type PeerDiscovery, type PeerInfo } from 'hyperswarm'
import { expect, onTestFinished, test } from 'vitest'
import { emitterMembers } from './emitter-members.js'
import { type Members, missingMembers } from './members.js'

const swarmMembers: Members<Hyperswarm> = {
  ...emitterMembers,
  keyPair: 'object',
  dht: 'object',
  connections: 'object',
  peers: 'object',
  connecting: 'number',
  destroyed: 'boolean',
  suspended: 'boolean',
  join: 'method',
  leave: 'method',
  joinPeer: 'method',
  leavePeer: 'method',
  status: 'method',
  listen: 'method',
  flush: 'method',
  suspend: 'method',
  resume: 'method',
  destroy: 'method',
}

const discoveryMembers: Members<PeerDiscovery> = {
  topic: 'bytes',
  destroyed: 'boolean',
  flushed: 'method',
  refresh: 'method',
  destroy: 'method',
}

const peerInfoMembers: Members<PeerInfo> = {
  ...emitterMembers,
  publicKey: 'bytes',
  topics: 'object',
  prioritized: 'boolean',
  client: 'boolean',
  server: 'boolean',
  banned: 'boolean',
  ban: 'method',
}

const dhtMembers: Members<DHT> = {
  defaultKeyPair: 'object',
  destroyed: 'boolean',
  bootstrapped: 'boolean',
  stats: 'object',
  fullyBootstrapped: 'method',
  ready: 'method',
  address: 'method',
  connect: 'method',
  createServer: 'method',
  destroy: 'method',
}

const dhtStatics: Members<Omit<typeof DHT, 'prototype'>> = { keyPair: 'method', bootstrapper: 'method' }

const serverMembers: Members<DhtServer> = {
  ...emitterMembers,
  publicKey: 'bytes',
  listen: 'method',
  close: 'method',
}

const testnetMembers: Members<Testnet> = {
  nodes: 'object',
  bootstrap: 'object',
  createNode: 'method',
  destroy: 'method',
  [Symbol.iterator]: 'method',
}

test('a swarm on a local network has the members that are declared', async () => {
  const testnet = await createTestnet(2)
  const left = new Hyperswarm({ dht: testnet.createNode() })
  const right = new Hyperswarm({ dht: testnet.createNode() })
  onTestFinished(async () => {
    await Promise.all([left.destroy(), right.destroy()])
    await testnet.destroy()
  })
  const connected = new Promise<PeerInfo>((resolve) => {
    right.on('connection', (stream, peer) => {
      stream.on('error', () => {})
      resolve(peer)
    })
  })
  left.on('connection', (stream) => stream.on('error', () => {}))
  const topic = crypto.randomBytes(32)
  await left.join(topic).flushed()
  const discovery = right.join(topic)
  // What was lost on the way is asked for again by itself after ten minutes only.
  const again = setInterval(() => void discovery.refresh().catch(() => {}), 5000)
  const peer = await connected.finally(() => clearInterval(again))

  expect(missingMembers(peer, peerInfoMembers)).toEqual([])
  expect(missingMembers(discovery, discoveryMembers)).toEqual([])
  expect(missingMembers(right, swarmMembers)).toEqual([])
  expect(missingMembers(right.dht, dhtMembers)).toEqual([])
  expect(missingMembers(right.dht.createServer(), serverMembers)).toEqual([])
  expect(missingMembers<Omit<typeof DHT, 'prototype'>>(DHT, dhtStatics)).toEqual([])
  expect(missingMembers(testnet, testnetMembers)).toEqual([])
})
