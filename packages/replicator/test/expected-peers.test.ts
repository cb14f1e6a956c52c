// `update({ wait: true })` waits for a peer whose handshake is not done.

import { expect, test } from 'vitest'
import { closed, connection } from '../src/test/streams.js'
import { keysOf } from '../src/test/suite.js'
import { openStore } from './peers.js'

test('an update waits for a peer that has just connected', async () => {
  const [one, other] = [await openStore(), await openStore()]
  const { key } = keysOf(await one.write(['block']))
  const read = await other.get(key)
  const [near, far] = connection()
  one.replicator.replicate(near)
  other.replicator.replicate(far)
  await read.update({ wait: true })
  expect(read.length).toBe(1)
})

test('an update of a core that opens during the handshake waits, too', async () => {
  const [one, other] = [await openStore(), await openStore()]
  const { key } = keysOf(await one.write(['block']))
  const waiting = other.get(key)
  const [near, far] = connection()
  one.replicator.replicate(near)
  other.replicator.replicate(far)
  const read = await waiting
  await read.update({ wait: true })
  expect(read.length).toBe(1)
})

test('an update ends when the peer does not come', async () => {
  const store = await openStore()
  const read = await store.get(new Uint8Array(32))
  const stream = store.replicator.replicate(true)
  const updating = read.update({ wait: true })
  stream.noiseStream.destroy()
  await closed(stream.noiseStream)
  expect(await updating).toBe(false)
})
