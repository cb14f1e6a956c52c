// Cores that a mirror removes, and peers that ask for them again meanwhile.

import type { EventEmitter } from 'node:events'
import type { Corestore } from '@coreyard/corestore'
import createTestnet from '@hyperswarm/testnet'
import { expect, onTestFinished, test } from 'vitest'
import { Removal, type RemovedFrom } from '../src/mirror/removal.js'
import { ask, blindPeer } from './blind-peers.js'
import { deferred } from './mirrors.js'

type Delete = RemovedFrom['delete']

/** A blind-peer, which has all that it may have after a block of 5 bytes, removes a core that has that block. */
async function removing({
  remade = false,
  deleting = (store) => store.delete.bind(store),
}: {
  /** Whether the core is asked for again as soon as it is being removed. */
  readonly remade?: boolean
  /** Deletes the core from the store. `stale` is what blind-peer does when it notes late what has come. */
  readonly deleting?: (store: Corestore, askAgain: () => void, stale: () => void) => Delete
}) {
  const testnet = await createTestnet(3)
  onTestFinished(() => testnet.destroy())
  const { peer, store } = await blindPeer(testnet, [], 5)
  let cleared = false
  ;(peer as unknown as EventEmitter).on('gc-start', () => {
    cleared = true
  })
  const { core } = await ask(testnet, peer)
  const key = core.key ?? new Uint8Array()
  const askAgain = () => peer.db.addCore({ key, priority: 0, announce: false, referrer: null })
  const stale = () =>
    peer.db.updateCore({ key, length: 1, announce: false, bytesAllocated: 5 }, core.id ?? '')
  const ended = deferred<void>()
  const removal = new Removal(peer, {
    delete: (...args) => {
      const deleted = deleting(store, askAgain, stale)(...args)
      deleted.catch(() => {}).then(() => ended.resolve())
      return deleted
    },
  })
  store.on('core-open', (opened) => {
    opened.on('append', () => {
      expect(removal.remove(opened)).toBe(true)
      expect(removal.remove(opened)).toBe(false)
      if (remade) askAgain()
    })
  })
  await core.append('block')
  await ended.promise
  // What it notes of the removal is in the records with the next but one.
  for (const _ of [1, 2]) await peer.flush()
  return { peer, store, hasCleared: () => cleared }
}

test('a core that is removed is in no record, and not in the store', async () => {
  const { peer, store, hasCleared } = await removing({})
  expect(peer.digest).toMatchObject({ cores: 0, bytesAllocated: 0 })
  expect([store.list().size, hasCleared()]).toEqual([0, false])
})

test('one that is asked for again while it is removed has a record, and no bytes for which others are cleared', async () => {
  const { peer, store, hasCleared } = await removing({ remade: true })
  expect(peer.digest).toMatchObject({ cores: 1, bytesAllocated: 0 })
  expect([store.list().size, hasCleared()]).toEqual([0, false])
})

test('what blind-peer notes late of one that was removed does not count', async () => {
  const { peer } = await removing({
    deleting: (store, askAgain, stale) => {
      askAgain()
      stale()
      return store.delete.bind(store)
    },
  })
  expect(peer.digest).toMatchObject({ cores: 1, bytesAllocated: 0 })
})

test('one that cannot be deleted goes on to count', async () => {
  const { peer } = await removing({
    deleting: (_, askAgain, stale) => {
      askAgain()
      stale()
      return () => Promise.reject(new Error('in use'))
    },
  })
  expect(peer.digest).toMatchObject({ cores: 1, bytesAllocated: 5 })
})

test('cores of which nothing has come are removed, except one that is asked for again meanwhile', async () => {
  const testnet = await createTestnet(3)
  onTestFinished(() => testnet.destroy())
  const { peer } = await blindPeer(testnet)
  const [wanted, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  const add = (key: Uint8Array) => peer.db.addCore({ key, priority: 0, announce: false, referrer: null })
  for (const key of [wanted, other]) add(key)
  await peer.flush()
  const deleted = deferred<Uint8Array>()
  const removal = new Removal(peer, {
    delete: async ({ key }) => deleted.resolve(key),
  })
  // It looks through the requests before it removes a core.
  removal.removeEmpty({
    [Symbol.iterator]() {
      add(wanted)
      return [].values()
    },
  })
  expect(await deleted.promise).toEqual(other)
  await expect.poll(() => peer.digest.cores).toBe(1)
  expect(await peer.db.getCoreRecord(wanted)).not.toBe(null)
})
