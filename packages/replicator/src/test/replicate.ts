// Every replicator: what `replicate` takes and returns, and what happens to streams when they or the store close.

import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import Protomux from 'protomux'
import type { ReplicationTarget, Replicator } from '../replicator.js'
import { ask, closed, connect, connection } from './streams.js'
import { reads, type Suite } from './suite.js'

/** Registers the tests of `replicate` and `close`. */
export function testReplicate<R extends Replicator>(suite: Suite<R>): void {
  suite.test('makes a stream for a boolean, on the side of the handshake that it says', async (store) => {
    assert.equal(store.replicator.replicate(true).noiseStream.isInitiator, true)
    assert.equal(store.replicator.replicate(false).noiseStream.isInitiator, false)
  })

  suite.test('returns the stream that it was given, in whatever form', async (store) => {
    const [stream] = connection()
    const muxer = Protomux.from(stream)
    assert.equal(store.replicator.replicate(stream), stream)
    assert.equal(store.replicator.replicate({ stream }), stream)
    assert.equal(store.replicator.replicate(true, { stream }), stream)
    assert.equal(store.replicator.replicate(muxer), stream)
    assert.equal(store.replicator.replicate({ stream: muxer }), stream)
  })

  suite.test('refuses a target that is not a stream', async (store) => {
    for (const target of [undefined, null, 'stream', 1, {}, { stream: {} }, new PassThrough()]) {
      assert.throws(() => store.replicator.replicate(target as ReplicationTarget), { code: 'BAD_ARGUMENT' })
    }
  })

  suite.test('changes nothing when a stream is replicated once more', async (one, other) => {
    const [near, far] = connection(one.identity, other.identity)
    const written = await one.write(['once'])
    const read = await other.get(suite.share(written, one, other).key)
    one.replicator.replicate(near)
    other.replicator.replicate(far)
    await reads(read, 'once')

    const listeners = near.listenerCount('close')
    one.replicator.replicate(near)
    one.replicator.replicate(Protomux.from(near))
    assert.equal(near.listenerCount('close'), listeners)
    await suite.exchange(one, other)
    assert.equal(written.peers.length, 1)
    assert.equal(read.peers.length, 1)
  })

  suite.test('forgets a stream that has closed', async (one, other) => {
    const [near, far] = connect(one, other)
    await suite.exchange(one, other)
    const muxer = Protomux.from(near.noiseStream)
    far.destroy()
    await closed(near.noiseStream)
    suite.share(await one.write(['later']), one, other)
    for (const core of one.openCores()) assert.equal(core.replicator.attached(muxer), false)
    connect(one, other)
    await suite.exchange(one, other)
  })

  suite.test(
    'closing destroys the streams that it made, before and after their handshake',
    async (one, other) => {
      const [near] = connect(one, other)
      await near.noiseStream.opened
      const waiting = one.replicator.replicate(true)
      await one.replicator.close()
      assert.equal(near.noiseStream.destroyed, true)
      assert.equal(waiting.noiseStream.destroyed, true)
    },
  )

  suite.test('closing leaves the streams that were handed in to their owner', async (one, other) => {
    const [near, far] = connection(one.identity, other.identity)
    one.replicator.replicate(near)
    other.replicator.replicate(far)
    await suite.exchange(one, other)
    const { discoveryKey } = suite.share(await one.write(['closed']), one, other)
    await one.evict(discoveryKey)
    await one.replicator.close()
    assert.equal(near.destroying, false)
    assert.equal(await ask(far, discoveryKey), false)
    near.destroy()
    await closed(near)
  })

  suite.test('replicates nothing once it is closed, however often', async (store) => {
    await Promise.all([store.replicator.close(), store.replicator.close()])
    await store.replicator.close()
    assert.throws(() => store.replicator.replicate(true), { code: 'REPLICATOR_CLOSED' })
    await store.write(['unshared'])
  })
}
