// `authorize` is asked each time before a core is replicated, and `revoke` takes permissions back.

import SecretStream from '@hyperswarm/secret-stream'
import { describe, expect, test, vi } from 'vitest'
import type { Authorize } from '../src/index.js'
import type { TestStore } from '../src/test/store.js'
import { ask, connection } from '../src/test/streams.js'
import { keysOf, reads } from '../src/test/suite.js'
import { deferred, hex, Onlooker, openStore, until } from './peers.js'

test('authorize is asked again when a peer opens a channel again that it has closed', async () => {
  let permitted = true
  const authorize = vi.fn<Authorize>(() => permitted)
  const store = await openStore({ authorize, active: false })
  const { reader, key, discoveryKey } = await replicated(store)
  expect(authorize).toHaveBeenCalledTimes(1)

  permitted = false
  await reader.evict(discoveryKey)
  const again = await reader.get(key)
  await until(() => authorize.mock.calls.length === 2)
  await store.write(['next'])
  expect(again.peers).toHaveLength(0)
})

test('authorize is asked again for a peer that waited for capacity', async () => {
  const asked = deferred()
  let calls = 0
  const authorize: Authorize = () => {
    if (++calls > 1) asked.resolve()
    return calls === 1
  }
  const store = await openStore({ authorize, active: false })
  const { discoveryKey } = keysOf(await store.write(['waited for']))
  await store.evict(discoveryKey)
  const capacity = deferred()
  store.capacity = capacity.promise
  const [near, far] = connection()
  const onlooker = new Onlooker(far)
  store.replicator.replicate(near)
  expect(await ask(far, discoveryKey)).toBe(false)
  capacity.resolve()
  await asked.promise
  await near.flush()
  expect(onlooker.offered).toEqual([])
})

test('a permission that comes late attaches the core', async () => {
  const decision = deferred<boolean>()
  const store = await openStore({ authorize: () => decision.promise, active: false })
  const reader = await openStore()
  const { key, discoveryKey } = keysOf(await store.write(['late']))
  await store.evict(discoveryKey)
  const [near, far] = connection()
  store.replicator.replicate(near)
  expect(await ask(far, discoveryKey)).toBe(false)

  const read = await reader.get(key)
  reader.replicator.replicate(far)
  decision.resolve(true)
  await reads(read, 'late')
})

test('an authorize that never settles keeps no other core of the stream from its peer', async () => {
  const undecided = new Set<string>()
  const store = await openStore({
    authorize: (discoveryKey) => (undecided.has(hex(discoveryKey)) ? new Promise(() => {}) : true),
    active: false,
    maxLookups: 2,
  })
  const reader = await openStore()
  const keys = await Promise.all(Array.from({ length: 6 }, async () => keysOf(await store.write(['block']))))
  for (const { discoveryKey } of keys.slice(1)) undecided.add(hex(discoveryKey))
  const [near, far] = connection()
  store.replicator.replicate(near)
  expect(await Promise.all(keys.slice(1).map(({ discoveryKey }) => ask(far, discoveryKey)))).not.toContain(
    true,
  )
  reader.replicator.replicate(far)
  await reads(await reader.get(keys[0]?.key ?? new Uint8Array(32)), 'block')
})

test('revoke detaches a core from a peer, and denies it when it asks again', async () => {
  let permitted = true
  const store = await openStore({ authorize: () => permitted })
  const { read, reader, discoveryKey } = await replicated(store)
  permitted = false
  const gone = new Promise((resolve) => read.once('peer-remove', resolve))
  store.replicator.revoke(discoveryKey, reader.identity.publicKey)
  await gone
  await store.write(['next'])
  expect(read.peers).toHaveLength(0)
})

test('revoke leaves other cores and other peers alone', async () => {
  const authorize = vi.fn<Authorize>(() => true)
  const store = await openStore({ authorize })
  const { read, written, discoveryKey } = await replicated(store)
  authorize.mockClear()
  store.replicator.revoke(new Uint8Array(32))
  store.replicator.revoke(discoveryKey, new Uint8Array(32))
  store.replicator.revoke(undefined, new Uint8Array(32))
  expect(authorize).not.toHaveBeenCalled()
  await written.append(Buffer.from('second'))
  await reads(read, 'second', 1)
})

test('revoke of everything asks anew, and what is still permitted goes on', async () => {
  const authorize = vi.fn<Authorize>(() => true)
  const store = await openStore({ authorize })
  const { read, written } = await replicated(store)
  authorize.mockClear()
  const gone = new Promise((resolve) => read.once('peer-remove', resolve))
  store.replicator.revoke()
  await gone
  await written.append(Buffer.from('second'))
  await reads(read, 'second', 1)
  expect(authorize).toHaveBeenCalled()
})

test('revoke without authorize detaches, and peers may have the core again', async () => {
  const store = await openStore()
  const { read, written } = await replicated(store)
  const gone = new Promise((resolve) => read.once('peer-remove', resolve))
  store.replicator.revoke()
  await gone
  await written.append(Buffer.from('second'))
  await reads(read, 'second', 1)
})

test('a permission that is revoked while it is decided is asked for again', async () => {
  const first = deferred<boolean>()
  const authorize = vi.fn<Authorize>().mockReturnValue(false).mockReturnValueOnce(first.promise)
  const store = await openStore({ authorize })
  const { discoveryKey } = keysOf(await store.write(['core']))
  const [near, far] = connection()
  const onlooker = new Onlooker(far)
  store.replicator.replicate(near)
  await until(() => authorize.mock.calls.length === 1)
  store.replicator.revoke(discoveryKey)
  first.resolve(true)
  await until(() => authorize.mock.calls.length > 1)
  await near.flush()
  expect(onlooker.offered).toEqual([])
})

// A permission is used some microtasks after it was given, and Hypercore opens a channel some microtasks after that.
describe.each(Array.from({ length: 12 }, (_, ticks) => ticks))(
  'a permission revoked %i microtasks later',
  (ticks) => {
    test.each([
      ['for a core that is offered', true],
      ['for a core that the peer requests', false],
    ])('permits nothing %s', async (_, active) => {
      const first = deferred<boolean>()
      const authorize = vi.fn<Authorize>().mockReturnValue(false).mockReturnValueOnce(first.promise)
      const store = await openStore({ authorize, active })
      const reader = await openStore({ active: !active })
      const written = await store.write(['secret'])
      const { key, discoveryKey } = keysOf(written)
      const read = await reader.get(key)
      const [near, far] = connection()
      store.replicator.replicate(near)
      reader.replicator.replicate(far)
      await until(() => authorize.mock.calls.length === 1)

      first.resolve(true)
      for (let tick = 0; tick < ticks; tick++) await null
      store.replicator.revoke(discoveryKey)
      await until(() => authorize.mock.calls.length >= 2)
      await Promise.all([near.flush(), far.flush()])
      expect([written.peers.length, read.peers.length, read.length]).toEqual([0, 0, 0])
    })
  },
)

test.each([
  [new Uint8Array(31), undefined],
  [undefined, 'key'],
])('revoke refuses what is no key', async (discoveryKey, remotePublicKey) => {
  const store = await openStore()
  expect(() => store.replicator.revoke(discoveryKey, remotePublicKey as never)).toThrow(
    expect.objectContaining({ code: 'BAD_ARGUMENT' }),
  )
})

/** A core that a reader has read from a store. */
async function replicated(store: TestStore<Awaited<ReturnType<typeof openStore>>['replicator']>) {
  const reader = await openStore()
  const written = await store.write(['first'])
  const { key, discoveryKey } = keysOf(written)
  const read = await reader.get(key)
  const [near, far] = connection(SecretStream.keyPair(), reader.identity)
  store.replicator.replicate(near)
  reader.replicator.replicate(far)
  await reads(read, 'first')
  return { reader, written, read, key, discoveryKey }
}
