// Stores that have grown, on every storage that the documents name: after thousands of appends, deletes and compactions each block is
// there when the store is opened again.

import { join } from 'node:path'
import { fileStorage, memoryStorage } from '@coreyard/storage'
import RandomAccessFile from 'random-access-file'
import RAM from 'random-access-memory'
import { expect, test } from 'vitest'
import type { Corestore, StorageArgument, StoreOptions } from '../../src/index.js'
import { emptyDirectory } from '../helpers/directories.js'
import { LateFile, LateStorage } from '../helpers/late-storage.js'
import { openStoreAt, range } from '../helpers/open-store.js'

interface Kept {
  readonly storage: StorageArgument
  readonly options?: StoreOptions
}

const STORAGES: readonly (readonly [string, () => Kept])[] = [
  ['RocksDB', () => ({ storage: emptyDirectory() })],
  ['files', () => ({ storage: emptyDirectory(), options: { engine: 'random-access' } })],
  ['fileStorage', () => ({ storage: fileStorage(emptyDirectory()) })],
  [
    'fileStorage without lock and sync',
    () => ({ storage: fileStorage(emptyDirectory(), { lock: false, sync: false }) }),
  ],
  ['memoryStorage', () => ({ storage: memoryStorage() })],
  ['RAM.reusable()', () => ({ storage: RAM.reusable() })],
  [
    'RAM.reusable() with small pages, logs and caches',
    () => ({
      storage: RAM.reusable(),
      options: { randomAccess: { pageSize: 512, logSize: 16 * 1024, cacheSize: 64 * 1024 } },
    }),
  ],
  [
    'a function that makes a random-access-file',
    () => {
      const directory = emptyDirectory()
      return { storage: (path) => new RandomAccessFile(join(directory, path)) }
    },
  ],
  [
    'a class of random-access-file',
    () => {
      const directory = emptyDirectory()
      class Files extends RandomAccessFile {
        constructor(path: string) {
          super(path, { directory })
        }
      }
      return { storage: Files }
    },
  ],
  [
    'a storage of its own with read and write only',
    () => {
      const file = new LateFile()
      return { storage: () => new LateStorage(file) }
    },
  ],
]

const NAMES = range(8).map((index) => `core ${index}`)
const STEPS = 500

/** What each core is to have: `null` for a block that was cleared. */
type Model = Map<string, (Uint8Array | null)[]>

/** Numbers from 0 to 1, exclusive, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

async function work(store: Corestore, model: Model, random: () => number): Promise<void> {
  const below = (end: number) => Math.floor(random() * end)
  for (const step of range(STEPS)) {
    const name = NAMES[below(NAMES.length)] ?? ''
    const blocks = model.get(name) ?? []
    const core = store.get({ name })
    await core.ready()
    const kind = below(100)
    if (kind < 88) {
      const count = random() < 0.2 ? below(40) + 1 : 1
      const size = random() < 0.03 ? 200_000 : below(3000)
      const added = range(count).map((index) => Buffer.alloc(size, `${step}/${index} `))
      await core.append(added)
      blocks.push(...added)
    } else if (kind < 92 && blocks.length > 0) {
      // Hypercore cannot cut through blocks that were cleared: their tree nodes are gone.
      const cleared = blocks.lastIndexOf(null) + 1
      const length = cleared + below(blocks.length - cleared + 1)
      await core.truncate(length)
      blocks.length = length
    } else if (kind < 96 && blocks.length > 0) {
      const start = below(blocks.length)
      const end = Math.min(blocks.length, start + below(20) + 1)
      await core.clear(start, end)
      blocks.fill(null, start, end)
    }
    await core.close()
    model.set(name, blocks)
    if (kind >= 96 && kind < 98) {
      await store.delete({ name }, { compact: random() < 0.5 })
      model.delete(name)
    } else if (kind >= 98) await store.storage.db.compactRange()
  }
}

async function expectAll(store: Corestore, model: Model): Promise<void> {
  for (const [name, blocks] of model) {
    const core = store.get({ name })
    await core.ready()
    expect([name, core.length]).toEqual([name, blocks.length])
    for (const [index, block] of blocks.entries()) {
      if (block === null) expect(await core.has(index)).toBe(false)
      else if (!Buffer.from(block).equals((await core.get(index)) ?? Buffer.alloc(0))) {
        throw new Error(`Block ${index} of ${name} is another one`)
      }
    }
    await core.close()
  }
}

/** Far more than it takes, in milliseconds. */
const LONG = { timeout: 1_200_000 }

test.each(STORAGES)(
  'a store on %s has every block when it is opened again, three times',
  LONG,
  async (_, make) => {
    const { storage, options = {} } = make()
    const place = { storage, options, content: async () => ({}) }
    const random = seeded(7)
    const model: Model = new Map()
    for (const _ of range(3)) {
      const store = openStoreAt(place)
      await expectAll(store, model)
      await work(store, model, random)
      await expectAll(store, model)
      await store.close()
    }
    const last = openStoreAt(place)
    await expectAll(last, model)
    for await (const { audit } of last.audit({ dryRun: true })) {
      expect(audit).toMatchObject({ droppedTreeNodes: 0, droppedBlocks: 0, droppedBits: 0, corrupt: false })
    }
  },
)
