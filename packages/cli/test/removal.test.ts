// Cores that a mirror removes, and peers that ask for them again meanwhile.

import type { Corestore } from '@coreyard/corestore'
import type { Hypercore } from '@coreyard/hypercore-types'
import createTestnet from '@hyperswarm/testnet'
import b4a from 'b4a'
import type BlindPeer from 'blind-peer'
import type { CoreRecord } from 'blind-peer'
import crypto from 'hypercore-crypto'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Removal, type RemovedFrom } from '../src/mirror/removal.js'
import { ask, blindPeer } from './blind-peers.js'
import { deferred } from './mirrors.js'

/** What may happen while a core is removed. */
interface Meanwhile {
  readonly peer: BlindPeer
  /** A peer asks for the core again. */
  askAgain(): Promise<void>
  /** blind-peer notes late what had come. */
  noteLate(): void
  /** The core gets another block of 5 bytes. */
  grow(): Promise<void>
}

test('a core that is removed is in no record, and not in the store', async () => {
  const { peer, store, hasCleared } = await removing()
  expect(peer.digest).toMatchObject({ cores: 0, bytesAllocated: 0 })
  expect([store.list().size, hasCleared()]).toEqual([0, false])
})

test('one that is asked for again while it is removed, and grows, has a record, and others are not cleared for it', async () => {
  const { peer, store, hasCleared } = await removing(async ({ peer, askAgain, grow }) => {
    await askAgain()
    await grow()
    await peer.flush()
  })
  expect(peer.digest).toMatchObject({ cores: 1, bytesAllocated: 0 })
  expect([store.list().size, hasCleared()]).toEqual([0, false])
})

test('what blind-peer notes late of one that was removed does not count', async () => {
  const { peer } = await removing(async ({ askAgain, noteLate }) => {
    await askAgain()
    noteLate()
  })
  expect(peer.digest).toMatchObject({ cores: 1, bytesAllocated: 0 })
})

test('one that cannot be deleted goes on to count', async () => {
  const { peer } = await removing(async ({ askAgain, noteLate }) => {
    await askAgain()
    noteLate()
    throw new Error('The storage fails')
  })
  expect(peer.digest).toMatchObject({ cores: 1, bytesAllocated: 5 })
})

test('cores of which nothing has come are removed, except one that is asked for again meanwhile', async () => {
  const { peer, add, deleted, removal } = await withRecords()
  // It looks through the requests before it removes a core.
  removal.removeEmpty({
    [Symbol.iterator]() {
      add(WANTED)
      return [].values()
    },
  })
  await expect.poll(() => deleted).toEqual([OTHER, GONE])
  await expect.poll(() => peer.digest.cores).toBe(1)
  expect(await peer.db.getCoreRecord(WANTED)).not.toBe(null)
})

test('one that was removed, or of which something came, since the look at all of them began, is left', async () => {
  const { peer, deleted, removal } = await withRecords()
  const empty = (key: Uint8Array): CoreRecord => ({ key, length: 0, announce: false, bytesAllocated: 0 })
  peer.db.deleteCore(GONE)
  peer.db.updateCore({ ...empty(WANTED), length: 1, bytesAllocated: 5 }, 'wanted')
  await peer.flush()
  vi.spyOn(peer.db, 'createGcCandidateReadStream').mockImplementation(async function* () {
    for (const key of [GONE, WANTED, OTHER]) yield empty(key)
  })
  removal.removeEmpty([])
  await expect.poll(() => deleted).toEqual([OTHER])
  await expect.poll(() => peer.digest).toMatchObject({ cores: 1, bytesAllocated: 5 })
})

test('one that cannot be deleted, because it is open again, has its record back', async () => {
  const kept: number[] = []
  const { peer, removal } = await withRecords(async () => {
    kept.push(peer.digest.cores)
    throw new Error('in use')
  })
  removal.removeEmpty([])
  await expect.poll(() => kept).toEqual([0, 0, 0])
  await expect.poll(() => peer.digest.cores).toBe(3)
})

test('one that is too large goes, though it was asked for again while it was removed as an empty one', async () => {
  const testnet = await createTestnet(3)
  onTestFinished(() => testnet.destroy())
  const { peer } = await blindPeer(testnet)
  const { core } = await ask(testnet, peer)
  const key = core.key ?? new Uint8Array()
  await expect.poll(() => peer.digest.cores).toBe(1)
  const forced = deferred<boolean>()
  const removal = new Removal(peer, { delete: async (_, { force }) => forced.resolve(force) })
  // A sweep takes it for one that is not open.
  const open = vi.spyOn(peer.activeReplication, 'has').mockReturnValue(false)
  const look = peer.db.getCoreRecord.bind(peer.db)
  let looks = 0
  vi.spyOn(peer.db, 'getCoreRecord').mockImplementation(async (asked) => {
    const record = await look(asked)
    if (++looks !== 2) return record
    // After the flush: it has a record again, and is too large.
    expect(removal.remove(core)).toBe(true)
    expect(removal.remove(core)).toBe(false)
    return { key, length: 1, announce: false, bytesAllocated: 0 }
  })
  removal.removeEmpty([])
  expect(await forced.promise).toBe(true)
  open.mockRestore()
})

test('one that is found too large while it is deleted as an empty one goes, too', async () => {
  const forces: boolean[] = []
  const { removal } = await withRecords(async ({ key }, { force }) => {
    if (!b4a.equals(key, OTHER)) return true
    forces.push(force)
    if (force) return true
    expect(removal.remove(coreOf(key))).toBe(true)
    throw new Error('in use')
  })
  removal.removeEmpty([])
  await expect.poll(() => forces).toEqual([false, true])
})

test('a core that is removed again, after it went with others, is being removed until that has ended', async () => {
  const [sweeping, swept, forced] = [deferred<void>(), deferred<void>(), deferred<void>()]
  const { peer, removal } = await withRecords(async ({ key }, { force }) => {
    if (force) {
      sweeping.resolve()
      await forced.promise
    } else if (b4a.equals(key, OTHER)) {
      expect(removal.remove(coreOf(WANTED))).toBe(true)
      await sweeping.promise
    } else if (b4a.equals(key, GONE)) setImmediate(swept.resolve)
    return true
  })
  removal.removeEmpty([])
  await swept.promise
  // The sweep ends with a flush of its own, which was asked for before these.
  for (const _ of [1, 2, 3]) await peer.flush()
  expect(removal.remove(coreOf(WANTED))).toBe(false)
  forced.resolve()
})

/** What is looked at of a core that is removed. */
function coreOf(key: Uint8Array): Hypercore {
  return { key, discoveryKey: crypto.discoveryKey(key) } as Partial<Hypercore> as Hypercore
}

const [WANTED, OTHER, GONE] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3)]

/** A blind-peer that has records of cores of which nothing has come, and a removal that notes what it deletes. */
async function withRecords(remove: RemovedFrom['delete'] = async () => true) {
  const testnet = await createTestnet(3)
  onTestFinished(() => testnet.destroy())
  const { peer } = await blindPeer(testnet)
  const add = (key: Uint8Array) => peer.db.addCore({ key, priority: 0, announce: false, referrer: null })
  for (const key of [WANTED, OTHER, GONE]) add(key)
  await peer.flush()
  const deleted: Uint8Array[] = []
  const removal = new Removal(peer, {
    delete: (core, options) => {
      deleted.push(core.key)
      return remove(core, options)
    },
  })
  return { peer, add, deleted, removal }
}

/** A blind-peer, which has all that it may have after a block of 5 bytes, removes a core that has that block. */
async function removing(meanwhile: (parts: Meanwhile) => Promise<void> = async () => {}) {
  const testnet = await createTestnet(3)
  onTestFinished(() => testnet.destroy())
  const { peer, store } = await blindPeer(testnet, [], 5)
  let cleared = false
  peer.on('gc-start', () => {
    cleared = true
  })
  const { core } = await ask(testnet, peer)
  const key = core.key ?? new Uint8Array()
  const removed = deferred<Hypercore>()
  let removal: Removal
  const ended = deferred<void>()
  store.on('core-open', (opened) => {
    opened.on('append', () => {
      expect(removal.remove(opened)).toBe(opened.length === 1)
      removed.resolve(opened)
    })
  })
  removal = new Removal(peer, {
    delete: async (...args: Parameters<Corestore['delete']>) => {
      const opened = await removed.promise
      try {
        await meanwhile({
          peer,
          async askAgain() {
            peer.db.addCore({ key, priority: 0, announce: false, referrer: null })
            await peer.flush()
          },
          noteLate: () =>
            peer.db.updateCore({ key, length: 1, announce: false, bytesAllocated: 5 }, core.id ?? ''),
          async grow() {
            const grown = new Promise<void>((resolve) => opened.once('append', () => resolve()))
            await core.append('block')
            await grown
          },
        })
        return await store.delete(...args)
      } finally {
        setImmediate(ended.resolve)
      }
    },
  })
  await core.append('block')
  await ended.promise
  // What it notes of the removal is in the records then.
  await peer.flush()
  return { peer, store, hasCleared: () => cleared }
}
