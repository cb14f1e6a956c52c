// Every replicator: a failing peer or disk affects only the cores and streams that it concerns.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import Protomux from 'protomux'
import type { Replicator } from '../replicator.js'
import { ask, closed, connect, connection } from './streams.js'
import { reads, type Suite } from './suite.js'

/** Registers the tests of what must do no harm. */
export function testHarm<R extends Replicator>(suite: Suite<R>): void {
  suite.test('refuses a core that the store does not have, and creates nothing', async (one, other) => {
    const [near, far] = connection(one.identity, other.identity)
    one.replicator.replicate(near)
    other.replicator.replicate(far)
    const absent = randomBytes(32)
    suite.permit(one, absent, other)
    assert.equal(await ask(far, absent), false)
    assert.equal(await one.has(absent), false)
    assert.deepEqual([...one.openCores()], [])
    await suite.exchange(one, other)
  })

  suite.test('refuses a core when the look-up fails, and continues', async (one, other) => {
    const { key, discoveryKey } = suite.share(await one.write(['stored']), one, other)
    await one.evict(discoveryKey)
    const [near, far] = connection(one.identity, other.identity)
    one.replicator.replicate(near)
    one.onlookup = () => Promise.reject(new Error('The disk is on fire'))
    assert.equal(await ask(far, discoveryKey), false)

    one.onlookup = () => {}
    other.replicator.replicate(far)
    await reads(await other.get(key), 'stored')
  })

  suite.test('takes no harm from a stream that has closed before it is replicated', async (one, other) => {
    const [near] = connection()
    near.destroy()
    await closed(near)
    assert.equal(one.replicator.replicate(near), near)
    connect(one, other)
    await suite.exchange(one, other)
    for (const core of one.openCores()) assert.equal(core.replicator.attached(Protomux.from(near)), false)
  })

  suite.test('takes no harm from a peer that sends garbage', async (one, other) => {
    connect(one, other)
    const torn = one.replicator.replicate(false)
    torn.write(frame(1000).subarray(0, 500))
    const garbled = one.replicator.replicate(true)
    garbled.write(frame(96))
    await closed(garbled.noiseStream)
    await suite.exchange(one, other)
  })

  suite.test('takes no harm from a peer that sends garbage after the handshake', async (one, other) => {
    connect(one, other)
    const [near, far] = connection()
    one.replicator.replicate(near)
    await far.opened
    far.rawStream?.write(frame(64))
    await closed(near)
    await suite.exchange(one, other)
  })

  suite.test('takes no harm from a peer that leaves in the middle of the handshake', async (one, other) => {
    connect(one, other)
    const halfway = one.replicator.replicate(true)
    await new Promise((resolve) => halfway.once('data', resolve))
    halfway.destroy(new Error('The peer has gone'))
    await closed(halfway.noiseStream)
    await suite.exchange(one, other)
  })
}

/** A message of random bytes as the encrypted stream frames it: the size first, in 3 bytes (little endian). */
function frame(size: number): Uint8Array {
  const bytes = Buffer.alloc(3 + size, randomBytes(size))
  bytes.writeUIntLE(size, 0, 3)
  return bytes
}
