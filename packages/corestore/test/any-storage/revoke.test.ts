// `store.replicator.revoke`: takes back what `authorize` has permitted.

import type { Replicator } from '@coreyard/replicator'
import { expect, test } from 'vitest'
import { hex } from '../helpers/bytes.js'
import { next } from '../helpers/events.js'
import { openStore, writeCore } from '../helpers/open-store.js'
import { connection, reads } from '../helpers/streams.js'

test('revoke detaches a core from its peers, which then do not get it again', async () => {
  let permitted = true
  const store = openStore({ replicator: { authorize: () => permitted } })
  const { key, discoveryKey } = await writeCore(store, 'core')
  const reader = openStore()
  const [near, far] = connection()
  store.namespace('any').replicate(near)
  reader.replicate(far)
  const copy = reader.get(key)
  await reads(copy, 'core')

  permitted = false
  const gone = next(copy, 'peer-remove')
  store.session().replicator.revoke(hex(discoveryKey), near.remotePublicKey)
  await gone
  const other = await writeCore(store, 'other')
  permitted = true
  await reads(reader.get(other.key), 'other')
  expect(copy.peers).toHaveLength(0)
})

test.each([['short'], [new Uint8Array(31)], [5 as never]])('revoke refuses what is no key: %o', (key) => {
  const { replicator } = openStore()
  expect(() => replicator.revoke(key)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }))
  expect(() => replicator.revoke(null, key)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }))
})

test('revoke fails in a store that has closed', async () => {
  const store = openStore()
  const { replicator } = store
  await store.close()
  expect(() => replicator.revoke()).toThrow(expect.objectContaining({ code: 'SESSION_CLOSED' }))
})

test('revoke fails with a replicator that has none', () => {
  const replicator: Replicator = {
    start() {},
    replicate() {
      throw new Error('It replicates nothing')
    },
    offer() {},
    async close() {},
  }
  const store = openStore({ replicator })
  expect(() => store.replicator.revoke()).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
})

test('options of the default replicator without meaning are refused', () => {
  expect(() => openStore({ replicator: { handshakeTimeout: -1 } })).toThrow(
    expect.objectContaining({ code: 'BAD_ARGUMENT' }),
  )
})
