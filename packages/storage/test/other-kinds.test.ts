import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Corestore6 from 'corestore-6'
import Corestore7 from 'corestore-7'
import RandomAccessFile from 'random-access-file'
import RAM from 'random-access-memory'
import RocksDB from 'rocksdb-native'
import { describe, expect, it } from 'vitest'
import {
  backup,
  fileStorage,
  memoryStorage,
  type RandomAccessClass,
  type RandomAccessFunction,
  type StorageArgument,
  type StorageOptions,
  storageEngine,
} from '../src/index.js'
import { contentsOf, emptyDirectory } from './directories.js'
import { engineOf } from './engines.js'

/** What a store of another kind is refused with. */
const REFUSALS = ['STORAGE_CONFLICT', 'STORAGE_NOT_MIGRATED', 'STORAGE_UNFINISHED']

/** The ways to open what is in a directory. */
const DOORS: readonly (readonly [string, (directory: string) => StorageArgument, StorageOptions])[] = [
  ['its path', (directory) => directory, {}],
  ["its path and the engine 'rocksdb'", (directory) => directory, { engine: 'rocksdb' }],
  ["its path and the engine 'random-access'", (directory) => directory, { engine: 'random-access' }],
  ['fileStorage', (directory) => fileStorage(directory), {}],
  ['a function', (directory) => filesIn(directory), {}],
  ['a class', (directory) => classOf(directory), {}],
]

function filesIn(directory: string): RandomAccessFunction {
  return (path) => new RandomAccessFile(join(directory, path))
}

function classOf(directory: string): RandomAccessClass {
  return class Files extends RandomAccessFile {
    constructor(path: string) {
      super(path, { directory })
    }
  }
}

interface Kind {
  readonly says: string
  make(directory: string): Promise<void>
  /** The doors by which it opens. */
  readonly opens: readonly string[]
}

const KINDS: Readonly<Record<string, Kind>> = {
  'a store of Corestore 5': {
    says: 'master_key',
    opens: [],
    async make(directory) {
      // As Corestore 5.8 lays them out. It is no dependency here: with what npm installs for it today, it does not run.
      writeFileSync(join(directory, 'master_key'), Buffer.alloc(32, 1))
      const core = join(directory, '30', 'bb', `30bb${'0'.repeat(60)}`)
      mkdirSync(core, { recursive: true })
      for (const name of ['bitfield', 'data', 'key', 'name', 'signatures', 'tree']) {
        writeFileSync(join(core, name), 'bytes')
      }
    },
  },
  'a store of Corestore 6': {
    says: 'primary-key',
    opens: ['its path', "its path and the engine 'rocksdb'"],
    async make(directory) {
      const store = new Corestore6(directory)
      await store.get({ name: 'a' }).append('block')
      await store.close()
    },
  },
  'a store of Corestore 7': {
    says: 'db',
    opens: ['its path', "its path and the engine 'rocksdb'"],
    async make(directory) {
      const store = new Corestore7(directory)
      await store.get({ name: 'a' }).append('block')
      await store.close()
    },
  },
  'a store of random-access that Corestore 7 has opened': {
    says: 'store.kv',
    opens: [],
    async make(directory) {
      const engine = storageEngine(fileStorage(directory))
      const first = new Corestore7(engine.storage)
      await first.get({ name: 'a' }).append('block')
      await first.close()
      const store = new Corestore7(directory)
      await store.ready()
      await store.close()
    },
  },
  'the RocksDB of another program in db': {
    says: 'db',
    opens: [],
    async make(directory) {
      const rocks = new RocksDB(join(directory, 'db'))
      await rocks.ready()
      const batch = rocks.write()
      batch.tryPut(Buffer.from('key'), Buffer.from('value'))
      await batch.flush()
      batch.destroy()
      await rocks.close()
    },
  },
  'a LevelDB in db': {
    says: 'db',
    opens: [],
    async make(directory) {
      mkdirSync(join(directory, 'db'))
      // As LevelDB makes them: no IDENTITY, no OPTIONS.
      writeFileSync(join(directory, 'db', 'CURRENT'), 'MANIFEST-000002\n')
      writeFileSync(join(directory, 'db', 'MANIFEST-000002'), 'manifest')
      writeFileSync(join(directory, 'db', '000003.log'), 'log')
      writeFileSync(join(directory, 'db', 'LOCK'), '')
    },
  },
  'an unfinished conversion to RocksDB': {
    says: 'db',
    // RocksDB writes its log when it opens.
    opens: ['its path', "its path and the engine 'rocksdb'"],
    make: (to) => interrupt(to),
  },
  'an unfinished conversion to files': {
    says: '',
    opens: [],
    make: (to) => interrupt(fileStorage(to)),
  },
}

/** Leaves what a conversion or a backup leaves that was interrupted. */
async function interrupt(to: StorageArgument): Promise<void> {
  const engine = engineOf(memoryStorage())
  await engine.open()
  const onProgress = () => {
    throw new Error('enough')
  }
  await expect(backup(engine.storage, to, { onProgress })).rejects.toThrow('enough')
  await engine.close()
}

describe.each(Object.entries(KINDS))('%s', (_, { make, says, opens }) => {
  it.each(DOORS.filter(([door]) => !opens.includes(door)))(
    'is refused by %s, and stays unchanged',
    async (_, argument, options) => {
      const directory = emptyDirectory()
      await make(directory)
      const before = contentsOf(directory)
      for (const readOnly of [false, true]) {
        const engine = storageEngine(argument(directory), { ...options, readOnly })
        const error = await engine.open().then(
          () => new Error('opened'),
          (failure) => failure,
        )
        await engine.close()
        const codes = [...REFUSALS, ...(readOnly ? ['STORAGE_NO_STORE'] : [])]
        expect(codes, error.message).toContain(error.code)
        if (error.code !== 'STORAGE_NO_STORE') expect(error.message).toContain(says)
        expect(contentsOf(directory)).toEqual(before)
      }
    },
  )
})

it('a function that returns one storage for every name gets a store', async () => {
  const memory = new RAM()
  await engineOf(() => memory).open()
})

it('a function that knows only the name of the store gets a store', async () => {
  const names: string[] = []
  const storage: RandomAccessFunction = (path) => {
    names.push(path)
    if (path !== 'store.kv') throw new Error('unknown')
    return new RAM()
  }
  await engineOf(storage).open()
  expect(names[0]).toBe('store.kv')
})

it('a directory with files of others gets a store, and they stay as they are', async () => {
  for (const [, argument, options] of DOORS) {
    const directory = emptyDirectory()
    mkdirSync(join(directory, 'cores'))
    for (const name of ['CURRENT', 'MANIFEST-000002', '000003.log', 'LOCK', 'notes.txt']) {
      writeFileSync(join(directory, name), `of another program: ${name}`)
    }
    const before = contentsOf(directory)
    const engine = engineOf(argument(directory), options)
    await engine.open()
    await engine.close()
    expect(contentsOf(directory)).toMatchObject(before)
    expect(readdirSync(directory).length).toBeGreaterThan(Object.keys(before).length)
  }
})
