// Every replicator: cores that both sides share are exchanged, in whichever order cores and streams open.

import assert from 'node:assert/strict'
import SecretStream from '@hyperswarm/secret-stream'
import type { Replicator } from '../replicator.js'
import { keyOf } from './store.js'
import { ask, closed, connect, connection, join } from './streams.js'
import { reads, type Suite } from './suite.js'

/** Registers the tests of what is exchanged. */
export function testExchange<R extends Replicator>(suite: Suite<R>): void {
  suite.test('exchanges cores both ways, over streams that it made', async (one, other) => {
    connect(one, other)
    await suite.exchange(one, other)
    await suite.exchange(other, one)
  })

  suite.test('exchanges cores both ways, over streams that were handed in', async (one, other) => {
    const [near, far] = connection(one.identity, other.identity)
    one.replicator.replicate(near)
    other.replicator.replicate(far)
    await suite.exchange(one, other)
    await suite.exchange(other, one)
  })

  suite.test('exchanges cores that were open before the streams', async (one, other) => {
    const { key } = suite.share(await one.write(['before']), one, other)
    const read = await other.get(key)
    connect(one, other)
    await reads(read, 'before')
  })

  suite.test('exchanges a core with a plain Hypercore on the other side', async (one, other) => {
    const { key } = suite.share(await one.write(['plain']), one, other)
    const read = await other.get(key)
    const far = read.replicate(false, { keyPair: other.identity })
    join(one.replicator.replicate(true, { keyPair: one.identity }), far)
    await reads(read, 'plain')
    far.destroy()
    await closed(far)
  })

  suite.test('opens a stored core for a peer that asks', async (one, other) => {
    const { key, discoveryKey } = suite.share(await one.write(['stored']), one, other)
    await one.evict(discoveryKey)
    connect(one, other)
    await reads(await other.get(key), 'stored')
  })

  suite.test('exchanges a core that comes to be after a peer was refused it', async (one, other) => {
    const keyPair = SecretStream.keyPair()
    const read = await other.get(keyOf(keyPair))
    const { discoveryKey } = suite.share(read, one, other)
    const [near, far] = connection(one.identity, other.identity)
    one.replicator.replicate(near)
    assert.equal(await ask(far, discoveryKey), false)

    other.replicator.replicate(far)
    await one.write(['late'], keyPair)
    await reads(read, 'late')
  })

  suite.test('follows a core that is written to while it replicates', async (one, other) => {
    connect(one, other)
    const written = await one.write(['first'])
    const read = await other.get(suite.share(written, one, other).key)
    await reads(read, 'first')
    await written.append(Buffer.from('second'))
    await reads(read, 'second', 1)
  })
}
