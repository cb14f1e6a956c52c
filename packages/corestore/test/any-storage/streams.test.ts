// What `replicate` takes and returns, and what becomes of the streams when they or the store close.

import Protomux from 'protomux'
import { describe, expect, test } from 'vitest'
import { bytes32 } from '../helpers/bytes.js'
import { next } from '../helpers/events.js'
import { keysOf, openStore } from '../helpers/open-store.js'
import { closed, connect, connection, reads } from '../helpers/streams.js'
import { joinSwarm, localNetwork } from '../helpers/swarms.js'

describe('replicate', () => {
  test('makes a stream for a boolean, on the side of the handshake that it says', () => {
    const store = openStore()
    for (const isInitiator of [true, false]) {
      expect(store.replicate(isInitiator).noiseStream.isInitiator).toBe(isInitiator)
    }
  })

  test.each([
    'a stream',
    'a Protomux',
    '{ stream }',
    '{ stream } of a Protomux',
    'a boolean and { stream }',
  ] as const)('returns the stream that it is given as %s, and replicates over it', async (form) => {
    const [near, far] = connection()
    const store = openStore()
    const peer = openStore()
    const muxer = Protomux.from(near)
    const returned = {
      'a stream': () => store.replicate(near),
      'a Protomux': () => store.replicate(muxer),
      '{ stream }': () => store.replicate({ stream: near }),
      '{ stream } of a Protomux': () => store.replicate({ stream: muxer }),
      'a boolean and { stream }': () => store.replicate(true, { stream: near }),
    }[form]()
    expect(returned).toBe(near)
    peer.replicate(far)
    const written = store.get({ name: 'core' })
    await written.append('block')
    await reads(peer.get(keysOf(written).key), 'block')
  })

  test('changes nothing for a stream that it has been given before', async () => {
    const store = openStore()
    const peer = openStore()
    const [near, far] = connection()
    store.replicate(near)
    peer.replicate(far)
    const written = store.get({ name: 'core' })
    await written.append('block')
    const copy = peer.get(keysOf(written).key)
    await reads(copy, 'block')

    const listeners = near.listenerCount('close')
    expect(store.replicate(near)).toBe(near)
    expect(store.session().replicate({ stream: near })).toBe(near)
    peer.replicate(far)
    expect(near.listenerCount('close')).toBe(listeners)
    await written.append('second')
    await reads(copy, 'second', 1)
    expect([written.peers.length, copy.peers.length]).toEqual([1, 1])
  })

  test('replicates the cores of all sessions, whichever of them it is called on', async () => {
    const store = openStore()
    const peer = openStore()
    connect(store.namespace('one'), peer.session())
    const written = store.namespace('other').get({ name: 'core' })
    await written.append('block')
    await reads(peer.get(keysOf(written).key), 'block')
  })

  test('shares a connection with other protocols', async () => {
    const [near, far] = connection()
    const store = openStore()
    const peer = openStore()
    store.replicate(near)
    peer.replicate(far)
    const [mine, theirs] = [near, far].map((stream) => {
      const channel = Protomux.from(stream).createChannel({ protocol: 'chat' })
      channel?.open()
      return channel
    })
    expect(await mine?.fullyOpened()).toBe(true)
    expect(await theirs?.fullyOpened()).toBe(true)
    const written = store.get({ name: 'core' })
    await written.append('block')
    await reads(peer.get(keysOf(written).key), 'block')
  })
})

describe('closing the store', () => {
  test('destroys the streams that it made, whether or not their handshake is done', async () => {
    const store = openStore()
    const peer = openStore()
    const [near, far] = connect(store, peer)
    await near.noiseStream.opened
    const waiting = store.replicate(true)
    await store.close()
    expect([near.noiseStream.destroyed, waiting.noiseStream.destroyed]).toEqual([true, true])
    await closed(far.noiseStream)
    await peer.get({ name: 'core' }).append('goes on')
  })

  test('destroys the streams that a session made when the store closes, and not with the session', async () => {
    const store = openStore()
    const session = store.session()
    const near = session.replicate(true)
    await session.close()
    expect(near.noiseStream.destroying).toBe(false)
    await store.close()
    expect(near.noiseStream.destroyed).toBe(true)
  })

  test('leaves the streams that it was handed to their owner, who may hand them to another store', async () => {
    const [near, far] = connection()
    const store = openStore()
    const peer = openStore()
    store.replicate(near)
    peer.replicate(far)
    const first = store.get({ name: 'core' })
    await first.append('first')
    await reads(peer.get(keysOf(first).key), 'first')
    await store.close()
    expect(near.destroying).toBe(false)

    const next = openStore()
    next.replicate(near)
    const second = next.get({ name: 'core' })
    await second.append('second')
    await reads(peer.get(keysOf(second).key), 'second')
  })

  test('leaves Hyperswarm connections open', async () => {
    const testnet = await localNetwork()
    const store = openStore()
    const peer = openStore()
    const written = store.get({ name: 'core' })
    await written.append('block')
    const swarm = await joinSwarm(testnet, store, bytes32(1))
    await joinSwarm(testnet, peer, bytes32(1))
    await reads(peer.get(keysOf(written).key), 'block')
    const [connection] = swarm.connections
    await store.close()
    expect(connection?.destroying).toBe(false)
  })
})

describe('a stream that closes', () => {
  test('is forgotten: its peer is gone from every core, and the next stream is as good', async () => {
    const store = openStore()
    const peer = openStore()
    const written = store.get({ name: 'core' })
    await written.append('first')
    const copy = peer.get(keysOf(written).key)
    const [near, far] = connect(store, peer)
    await reads(copy, 'first')
    const gone = next(written, 'peer-remove')
    far.destroy()
    await gone
    await closed(near.noiseStream)
    expect(written.peers).toEqual([])
    expect(written.core?.replicator.attached(Protomux.from(near.noiseStream))).toBe(false)

    await written.append('second')
    connect(store, peer)
    await reads(copy, 'second', 1)
  })

  test('is returned and otherwise left alone when it is replicated after it has closed', async () => {
    const [near] = connection()
    near.destroy()
    await closed(near)
    expect(openStore().replicate(near)).toBe(near)
  })
})
