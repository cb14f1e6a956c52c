// What one peer may take: streams, requests, attached cores, and time for its handshake.

import { randomBytes } from 'node:crypto'
import SecretStream from '@hyperswarm/secret-stream'
import { expect, test } from 'vitest'
import { ask, closed, connection, join } from '../src/test/streams.js'
import { keysOf } from '../src/test/suite.js'
import { Onlooker, openStore, warning } from './peers.js'

test('a stream that the replicator made is destroyed if its handshake is not done in time', async () => {
  const store = await openStore({ handshakeTimeout: 20 })
  const { noiseStream } = store.replicator.replicate(false)
  await closed(noiseStream)
  expect(noiseStream.connected).toBe(false)
})

test('a stream that was given before its handshake is destroyed if that is not done in time', async () => {
  const store = await openStore({ handshakeTimeout: 20 })
  const stream = new SecretStream(false)
  store.replicator.replicate(stream)
  await closed(stream)
  expect(stream.connected).toBe(false)
})

test('a stream whose handshake is done lives on after the timeout', async () => {
  const store = await openStore({ handshakeTimeout: 2 ** 31 - 1 })
  const [near, far] = connection()
  store.replicator.replicate(near)
  await far.opened
  expect(near.destroying).toBe(false)
})

test('no core is attached before the handshake', async () => {
  const store = await openStore()
  await store.write(['core'])
  const [core] = store.openCores()
  const stream = store.replicator.replicate(false)
  expect(core?.replicator.attached(stream.noiseStream.userData as never)).toBe(false)
})

test('a public key has so many streams, and a further one is refused', async () => {
  const store = await openStore({ maxStreams: 2 })
  const keyPair = SecretStream.keyPair()
  const { discoveryKey } = keysOf(await store.write(['core']))
  const pairs = [connection(undefined, keyPair), connection(undefined, keyPair)]
  for (const [near, far] of pairs) {
    const onlooker = new Onlooker(far)
    store.replicator.replicate(near)
    await onlooker.sees(discoveryKey)
  }
  const [given, far] = connection(undefined, keyPair)
  const warned = warning(given)
  store.replicator.replicate(given)
  expect(await warned).toMatchObject({ code: 'TOO_MANY_STREAMS' })
  expect(await ask(far, discoveryKey)).toBe(false)
  expect(given.destroying).toBe(false)

  const made = store.replicator.replicate(true)
  const further = new SecretStream(false, null, { keyPair })
  further.on('error', () => {})
  join(made, further.rawStream as never)
  await closed(made.noiseStream)

  const [other, otherFar] = connection()
  const onlooker = new Onlooker(otherFar)
  store.replicator.replicate(other)
  await onlooker.sees(discoveryKey)
})

test('a stream that closes makes room for another of the same public key', async () => {
  const store = await openStore({ maxStreams: 1 })
  const keyPair = SecretStream.keyPair()
  const { discoveryKey } = keysOf(await store.write(['core']))
  for (let stream = 0; stream < 3; stream++) {
    const [near, far] = connection(undefined, keyPair)
    const onlooker = new Onlooker(far)
    store.replicator.replicate(near)
    await onlooker.sees(discoveryKey)
    near.destroy()
    await closed(near)
  }
})

test('a stream has so many requests that wait, and further ones are refused without a look-up', async () => {
  const store = await openStore({ maxAsks: 3 })
  const stored = await Promise.all(Array.from({ length: 5 }, async () => keysOf(await store.write(['core']))))
  for (const { discoveryKey } of stored) await store.evict(discoveryKey)
  store.capacity = new Promise(() => {})
  let lookups = 0
  store.onlookup = () => void lookups++
  const [near, far] = connection()
  store.replicator.replicate(near)
  for (const { discoveryKey } of stored) expect(await ask(far, discoveryKey)).toBe(false)
  expect(lookups).toBe(3)
})

test('a stream has so many cores attached', async () => {
  const store = await openStore({ maxAttached: 2 })
  for (let core = 0; core < 5; core++) await store.write(['core'])
  const [near] = connection()
  store.replicator.replicate(near)
  await near.opened
  await near.flush()
  const attached = [...store.openCores()].filter(({ replicator }) =>
    replicator.attached(near.userData as never),
  )
  expect(attached).toHaveLength(2)
})

test('a flood of unknown keys is not read faster than it is answered', async () => {
  const store = await openStore()
  let most = 0
  let now = 0
  store.onlookup = async () => {
    most = Math.max(most, ++now)
    await new Promise(setImmediate)
    now--
  }
  const [near, far] = connection()
  store.replicator.replicate(near)
  const answers = await Promise.all(Array.from({ length: 2000 }, () => ask(far, randomBytes(32))))
  expect(answers).not.toContain(true)
  expect(most).toBeLessThanOrEqual(64)
})
