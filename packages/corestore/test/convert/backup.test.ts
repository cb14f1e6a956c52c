// Backups: a copy of one moment of a store that is in use, and writers of the copy that do not fork.

import { existsSync } from 'node:fs'
import type { Hypercore } from '@coreyard/hypercore-types'
import { describe, expect, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { NEVER } from '../copies/opening.js'
import { hex, text } from '../helpers/bytes.js'
import { Contents } from '../helpers/contents.js'
import { emptyDirectory } from '../helpers/directories.js'
import { record, until } from '../helpers/events.js'
import { openStore, openStoreAt, range } from '../helpers/open-store.js'
import { newPlace, type StorageName } from '../helpers/places.js'
import { connect, reads } from '../helpers/streams.js'

const STORAGES: readonly StorageName[] = ['rocksdb', 'files', 'memory', 'late']
const PAIRS = STORAGES.flatMap((from) => STORAGES.map((to) => [from, to] as const))

describe.each(PAIRS)('a backup from %s to %s', (fromStorage, toStorage) => {
  test('has the primary key, names, keys and blocks of the store, and the store goes on', async () => {
    const [from, to] = [newPlace(fromStorage), newPlace(toStorage)]
    const store = openStoreAt(from)
    const contents = await Contents.write(store)

    const { entries, cores } = await store.backup(to.storage, { to: engineOf(to) })

    expect(cores).toBeGreaterThan(0)
    expect(entries).toBeGreaterThan(cores)
    await contents.expectIn(store)
    await contents.extendIn(store, 'after the backup')
    await store.close()
    const copy = openStoreAt(to, { recovery: false })
    await copy.ready()
    expect(hex(copy.primaryKey)).toHaveLength(64)
    for await (const { audit } of copy.audit({ dryRun: true })) {
      expect(audit).toMatchObject({ corrupt: false, droppedTreeNodes: 0, droppedBlocks: 0, droppedBits: 0 })
    }
  })
})

describe.each(STORAGES)('a backup from %s', (storage) => {
  test('is one moment of a store that is written meanwhile', async () => {
    const [from, to] = [newPlace(storage), newPlace('memory')]
    const store = openStoreAt(from)
    const cores = ['a', 'b', 'c'].map((name) => store.get({ name }))
    let isWriting = true
    // One block for each in turn, so that at any moment the first has at most one block more than the last.
    const writing = (async () => {
      for (let index = 0; isWriting || index < 50; index++) {
        for (const core of cores) await core.append(`block ${index} ${'x'.repeat(5000)}`)
      }
    })()
    while ((cores[2]?.length ?? 0) < 20) await new Promise(setImmediate)

    await store.backup(to.storage)

    isWriting = false
    await writing
    const copy = openStoreAt(to, { recovery: false })
    const lengths = await Promise.all(
      ['a', 'b', 'c'].map(async (name) => {
        const core = copy.get({ name })
        await core.ready()
        const blocks = await Promise.all(range(core.length).map((index) => core.get(index, { wait: false })))
        expect(blocks.map(text)).toEqual(
          range(core.length).map((index) => `block ${index} ${'x'.repeat(5000)}`),
        )
        return core.length
      }),
    )
    const [first = 0, , last = 0] = lengths
    expect(last).toBeGreaterThanOrEqual(20)
    expect(lengths).toEqual([...lengths].sort((a, b) => b - a))
    expect(first - last).toBeLessThanOrEqual(1)
  })
})

test('a writer of a copy goes on after what the original wrote since, and no peer sees a conflict', async () => {
  const { original, copy, core, reader, readersCopy } = await backedUp()
  const conflicts = [original, copy, reader].map((store) => record(store, 'conflict'))
  await core.append(['since 1', 'since 2'])
  await reads(readersCopy, 'since 1', 3)
  await reads(readersCopy, 'since 2', 4)
  await original.close()

  connect(copy, reader)
  const again = copy.get({ name: 'log' })
  await again.append('of the copy')

  expect(again.length).toBe(6)
  await reads(readersCopy, 'of the copy', 5)
  await reads(again, 'since 1', 3)
  expect([again.fork, readersCopy.fork, again.recovering]).toEqual([0, 0, 0])
  expect(conflicts.flat()).toEqual([])
})

test('a core of a copy that was made by its name with no block yet goes on, too', async () => {
  const original = openStore()
  const reader = openStore()
  const core = original.get({ name: 'empty' })
  await core.ready()
  const to = newPlace('memory')
  await original.backup(to.storage)
  connect(original, reader)
  const readersCopy = reader.get(keyOf(core))
  await core.append('since')
  await reads(readersCopy, 'since')
  await original.close()

  const copy = openStoreAt(to, NEVER)
  connect(copy, reader)
  const again = copy.get({ name: 'empty' })
  await again.append('of the copy')
  await reads(readersCopy, 'of the copy', 1)
  expect(readersCopy.length).toBe(2)
})

test('an append to a copy without peers is RECOVERING, and says how to go on', async () => {
  const { to } = await backedUp()
  const copy = openStoreAt(to, { recovery: { timeout: 1 } })
  const core = copy.get({ name: 'log' })
  await expect(core.append('x')).rejects.toMatchObject({
    code: 'RECOVERING',
    message: expect.stringContaining('recovery: false, once'),
  })
  expect(core.length).toBe(3)
  await reads(core, 'block 2', 2)
})

test.each([
  ['recovery: { withoutPeers: append }', { timeout: 1, withoutPeers: 'append' }] as const,
  ['recovery: false', false] as const,
])('an append to a copy without peers writes with %s, and after a restart too', async (_, recovery) => {
  const { to } = await backedUp()
  const copy = openStoreAt(to, { recovery })
  const core = copy.get({ name: 'log' })
  await core.append('x')
  expect(core.length).toBe(4)
  await copy.close()

  const again = openStoreAt(to).get({ name: 'log' })
  await again.append('y')
  expect(again.length).toBe(5)
})

test('a new core of a copy is written at once', async () => {
  const { to } = await backedUp()
  const core = openStoreAt(to, { recovery: { timeout: 1 } }).get({ name: 'new' })
  await core.append('x')
  expect(core.length).toBe(1)
})

test.each<[string, (core: Hypercore, copy: Corestore) => Promise<unknown>]>([
  ['a truncation', (core) => core.truncate(1)],
  ['an append of a derived session', (core) => core.session().append('x')],
  [
    'a commit',
    async (core) => {
      const draft = core.session({ name: 'draft' })
      await draft.append('x')
      await core.commit(draft)
    },
  ],
  [
    'an atomic append',
    async (core, copy) => {
      const session = core.session({ atom: copy.storage.createAtom() })
      await session.append('x')
    },
  ],
  [
    'an atomic truncation',
    async (core, copy) => {
      const session = core.session({ atom: copy.storage.createAtom() })
      await session.truncate(1)
    },
  ],
  ['an overwriting get', (_, copy) => copy.get({ name: 'log', overwrite: true }).ready()],
])('%s of a copy without peers is RECOVERING, and changes nothing', async (_, write) => {
  const { to } = await backedUp()
  const copy = openStoreAt(to, { recovery: { timeout: 1 } })
  const core = copy.get({ name: 'log' })
  await core.ready()
  await expect(write(core, copy)).rejects.toMatchObject({ code: 'RECOVERING' })
  expect([core.length, core.fork]).toEqual([3, 0])
})

test('a truncation of a copy comes after what the original wrote since', async () => {
  const { original, copy, core, reader, readersCopy } = await backedUp()
  await core.truncate(2)
  await core.append(['since 1', 'since 2'])
  await reads(readersCopy, 'since 2', 3)
  for (const index of range(3)) await readersCopy.get(index)
  await original.close()
  const conflicts = record(reader, 'conflict')

  const again = copy.get({ name: 'log' })
  connect(copy, reader)
  await again.ready()
  await again.truncate(3)

  await until(() => readersCopy.fork === 2)
  await reads(readersCopy, 'since 1', 2)
  expect([readersCopy.length, again.fork]).toEqual([3, 2])
  expect(conflicts).toEqual([])
})

test('a read-only copy opens at once and keeps the hint', async () => {
  const { to } = await backedUp()
  const copy = openStoreAt(to, { readOnly: true })
  const core = copy.get({ name: 'log' })
  await reads(core, 'block 0')
  expect(core.recovering).toBeGreaterThan(0)
})

test('closing ends a core that waits for its peers', async () => {
  const { to } = await backedUp()
  const copy = openStoreAt(to, NEVER)
  const appended = copy.get({ name: 'log' }).append('x')
  const [outcome] = await Promise.allSettled([appended, copy.ready().then(() => copy.close())])
  expect(outcome.status).toBe('rejected')
})

describe('a backup that cannot be made', () => {
  test('into itself is BAD_ARGUMENT', async () => {
    const directory = emptyDirectory()
    const store = openStoreAt({ ...newPlace('memory'), storage: directory })
    await store.ready()
    await expect(store.backup(directory)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
    await expect(store.backup(`${directory}/.`)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
  })

  test('into another store is STORAGE_NOT_EMPTY, and changes nothing there', async () => {
    const to = newPlace('files')
    const other = openStoreAt(to)
    await other.get({ name: 'other' }).append('x')
    await other.close()
    const before = await to.content()
    const store = openStore()
    await store.get({ name: 'a' }).append('x')
    await expect(store.backup(to.storage)).rejects.toMatchObject({ code: 'STORAGE_NOT_EMPTY' })
    expect(await to.content()).toEqual(before)
  })

  test.each([
    [undefined, {}],
    [42, {}],
    ['', {}],
    [{}, {}],
    ['./somewhere', null],
    ['./somewhere', { onProgress: 1 }],
    ['./somewhere', { signal: 1 }],
    ['./somewhere', { batchSize: 0 }],
  ])('to %j with %j is BAD_ARGUMENT', async (to, options) => {
    const store = openStore()
    await expect(store.backup(to as string, options as object)).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
    })
    expect(existsSync('./somewhere')).toBe(false)
  })

  test('of a closed store is SESSION_CLOSED', async () => {
    const store = openStore()
    await store.close()
    await expect(async () => store.backup(emptyDirectory())).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
  })

  test('ends with the reason of its signal, is no store then, and is finished by a later call', async () => {
    const store = openStore()
    await store.get({ name: 'a' }).append(range(50).map((index) => `block ${index}`))
    const to = newPlace('memory')
    const abort = new AbortController()
    const onProgress = () => abort.abort(new Error('enough'))
    await expect(
      store.backup(to.storage, { signal: abort.signal, onProgress, batchSize: 1 }),
    ).rejects.toThrow('enough')
    const unfinished = openStoreAt(to)
    await expect(unfinished.ready()).rejects.toMatchObject({ code: 'STORAGE_UNFINISHED' })
    await unfinished.close()

    await store.backup(to.storage)
    const core = openStoreAt(to, { recovery: false }).get({ name: 'a' })
    await core.ready()
    expect(core.length).toBe(50)
  })

  test('because its store closes is SESSION_CLOSED, and the store closes', async () => {
    const store = openStore()
    await store.get({ name: 'a' }).append(range(50).map((index) => `block ${index}`))
    let closing: Promise<void> | null = null
    const onProgress = () => {
      closing ??= store.close()
    }
    await expect(
      store.backup(newPlace('memory').storage, { onProgress, batchSize: 1 }),
    ).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
    await closing
    expect(store.closed).toBe(true)
  })
})

test.each([
  [{ recovery: true }],
  [{ recovery: null }],
  [{ recovery: { timeout: -1 } }],
  [{ recovery: { settle: 'x' } }],
  [{ recovery: { withoutPeers: 'wait' } }],
])('a store with %j is BAD_ARGUMENT', (options) => {
  expect(() => openStore(options as object)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }))
})

/** A store with a core of three blocks that a reader has, and a copy of it. */
async function backedUp() {
  const [original, reader] = [openStore(), openStore()]
  const core = original.get({ name: 'log' })
  await core.append(['block 0', 'block 1', 'block 2'])
  connect(original, reader)
  const readersCopy = reader.get(keyOf(core))
  await reads(readersCopy, 'block 2', 2)
  const to = newPlace('memory')
  await original.backup(to.storage)
  const copies: Corestore[] = []
  return {
    original,
    core,
    reader,
    readersCopy,
    to,
    get copy() {
      if (copies.length === 0) copies.push(openStoreAt(to, NEVER))
      return copies[0] as Corestore
    },
  }
}

function keyOf({ key }: Hypercore): Uint8Array {
  if (key === null) throw new Error('The core is not open')
  return key
}

function engineOf(place: { readonly options: object }): { engine?: 'random-access' } {
  return 'engine' in place.options ? { engine: 'random-access' } : {}
}
