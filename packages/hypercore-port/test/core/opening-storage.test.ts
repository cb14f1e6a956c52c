// What Hypercore reads and writes of a storage while it opens a core.

import type { CoreStorage, CorestoreStorage } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import Hypercore from 'hypercore'
import crypto from 'hypercore-crypto'
import HypercoreStorage from 'hypercore-storage'
import { expect, test } from 'vitest'
import { openingStorage } from '../../src/core/opening-storage.js'
import { type KnownCore, openCore } from '../../src/index.js'
import { deferred } from '../deferred.js'
import { CALLS, directory, later, session, storage } from '../live.js'

const alias = { name: 'log', namespace: b4a.alloc(32, 1) }

/** A core of its own for each call. */
function identity() {
  const keyPair = crypto.keyPair()
  const manifest = { version: 1, signers: [{ publicKey: keyPair.publicKey }] }
  const key = Hypercore.key(manifest)
  return { keyPair, manifest, key, discoveryKey: Hypercore.discoveryKey(key) }
}

/** Opens a core, and says whether it was made. */
async function open(
  db: CorestoreStorage,
  options: Parameters<typeof openCore>[1],
): Promise<{ core: KnownCore; created: number }> {
  let created = 0
  const core = openCore(db, options, async (error) => error, { ...CALLS, created: () => created++ })
  await core.ready()
  later(async () => {
    await core.closeAllSessions()
    await core.close()
  })
  return { core, created }
}

/** Counts the write batches of a storage from now on. */
function countedWrites(db: CorestoreStorage): () => number {
  let count = 0
  const { db: database } = db
  const { write } = database
  database.write = (options) => {
    count++
    return write.call(database, options)
  }
  return () => count
}

/** What a stream of bitfield pages gives. */
async function pagesOf(
  core: CoreStorage | null,
  lt: number,
): Promise<readonly (readonly [number, number])[]> {
  const pages: (readonly [number, number])[] = []
  for await (const { index, page } of core?.createBitfieldStream({ lt }) ?? [])
    pages.push([index, page[0] ?? 0])
  return pages
}

test('Hypercore calls createCore of a core that is not stored, and not of one that is', async () => {
  const [db, options] = [await storage(), identity()]
  const { core, created } = await open(db, { ...options, alias })
  expect(created).toBe(1)
  expect(await db.getAlias(alias)).toEqual(core.discoveryKey)
  await core.close()
  expect((await open(db, options)).created).toBe(0)
})

test('of two that open a core at once, the one that has the keys stores them, although the other one has made it', async () => {
  const [db, { key, discoveryKey, ...keys }] = [await storage(), identity()]
  await db.ready()
  // Both find no core. The one without keys makes it, and then the other one tries to.
  const [bothFoundNone, isMade] = [deferred(), deferred()]
  const { createCore } = db
  db.createCore = async (record) => {
    if (record.keyPair) {
      bothFoundNone.resolve()
      await isMade.promise
      return createCore.call(db, record)
    }
    await bothFoundNone.promise
    const core = await createCore.call(db, record)
    isMade.resolve()
    return core
  }
  const opened = await Promise.all([
    open(db, { key, discoveryKey }),
    open(db, { key, discoveryKey, ...keys }),
  ])
  expect(opened.map(({ created }) => created)).toEqual([1, 0])
  expect(await db.getAuth(discoveryKey)).toMatchObject({ key, keyPair: keys.keyPair })
})

test('a core that Hypercore makes is written once, with its keys', async () => {
  const [db, options] = [await storage(), identity()]
  await db.ready()
  const writes = countedWrites(db)
  await open(db, options)
  expect(writes()).toBe(1)
  const auth = await db.getAuth(options.discoveryKey)
  expect(auth).toMatchObject({ key: options.key, keyPair: options.keyPair })
  expect(auth?.manifest?.signers).toMatchObject(options.manifest.signers)
})

test('Hypercore puts a core that it makes into its group', async () => {
  const [db, options] = [await storage(), identity()]
  const topic = b4a.alloc(32, 2)
  await (await open(db, { ...options, group: topic })).core.close()
  const { core } = await open(db, options)
  expect(core.header?.group?.key).toEqual(topic)
  expect(core.header?.keyPair).toEqual(options.keyPair)
})

test('Hypercore calls a storage whose methods use private fields', async () => {
  class Counted extends HypercoreStorage {
    #groups = 0
    get groups(): number {
      return this.#groups
    }
    override createGroup(topic: Uint8Array) {
      this.#groups++
      return super.createGroup(topic)
    }
  }
  const db = new Counted(await directory())
  later(() => db.close())
  await open(db, { ...identity(), group: b4a.alloc(32, 2) })
  expect(db.groups).toBe(1)
})

test('Hypercore stores the manifest and the key pair of a core that was stored by its key alone', async () => {
  const [db, { keyPair, manifest, ...keys }] = [await storage(), identity()]
  await (await open(db, keys)).core.close()
  expect((await db.getAuth(keys.discoveryKey))?.manifest).toBeNull()
  await (await open(db, { ...keys, manifest, keyPair })).core.close()
  expect((await db.getAuth(keys.discoveryKey))?.manifest?.signers).toMatchObject(manifest.signers)
})

test('Hypercore reads the bitfield of few pages and of many through createBitfieldStream', async () => {
  const [db, options] = [await storage(), identity()]
  const { core } = await open(db, options)
  const blocks = Array.from({ length: 32_768 + 1 }, () => b4a.alloc(1))
  await session(core).append(blocks)
  await core.closeAllSessions()
  await core.close()
  const own = session((await open(db, options)).core)
  await own.ready()
  expect([own.length, own.contiguousLength]).toEqual([blocks.length, blocks.length])
  expect(await Promise.all([0, 32_767, 32_768].map((index) => own.has(index)))).toEqual([true, true, true])
})

test('the pages that are read at once are those of the stream, and those that are not stored are left out', async () => {
  const [db, options] = [await storage(), identity()]
  const { core } = await open(db, options)
  const writes = core.state?.storage.write() ?? expect.fail('The core is open')
  for (const index of [0, 2, 15, 16]) writes.putBitfieldPage(index, b4a.alloc(4096, index + 1))
  await writes.flush()
  const [plain, opening] = [await db.resumeCore(options.discoveryKey), openingStorage(db, () => {})]
  const prepared = await opening.storage.resumeCore(options.discoveryKey)
  later(() => Promise.all([plain?.close(), prepared?.close()]))
  for (const lt of [1, 2, 3, 16, 17]) {
    expect([lt, await pagesOf(prepared, lt)]).toEqual([lt, await pagesOf(plain, lt)])
  }
  expect(await pagesOf(prepared, 17)).toHaveLength(4)
})

test('the storage of an open core is as hypercore-storage makes it', async () => {
  const [db, options] = [await storage(), identity()]
  const { key, discoveryKey } = identity()
  const core = await db.createCore({ key, discoveryKey })
  later(() => core.close())
  const plain = Object.keys(core)
  const made = (await open(db, options)).core
  expect(Object.keys(made.state?.storage ?? {})).toEqual(plain)
  expect(made.db).toBe(db)
  await made.close()
  const resumed = (await open(db, options)).core
  expect(Object.keys(resumed.state?.storage ?? {})).toEqual(plain)
  expect(resumed.db).toBe(db)
})
