import { mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { RandomAccessStorage } from '@coreyard/random-access-kv'
import Hypercore from 'hypercore'
import RandomAccessFile from 'random-access-file'
import RAM from 'random-access-memory'
import { describe, expect, it } from 'vitest'
import {
  fileStorage,
  memoryStorage,
  type StorageArgument,
  type StorageOptions,
  storageEngine,
} from '../src/index.js'
import { emptyDirectory } from './directories.js'
import { engineOf } from './engines.js'
import { BareStorage, Bytes, LateStorage } from './storages.js'

/** Arguments of which every store has the same bytes. */
const SHARED: readonly (readonly [string, () => StorageArgument])[] = [
  ['memoryStorage()', () => memoryStorage()],
  ['RAM.reusable()', () => RAM.reusable()],
  ['RAM.reusable() of a class derived from RAM', () => class Derived extends RAM {}.reusable()],
  ['a function that gives one RAM', () => oneOf(new RAM())],
  [
    'a function that gives the RAM of a path',
    () => {
      const files = new Map<string, RAM>()
      return (path: string) => {
        const file = files.get(path) ?? new RAM()
        files.set(path, file)
        return file
      }
    },
  ],
  [
    'a function that puts a RAM on one buffer',
    () => {
      const buffer = Buffer.alloc(1024 * 1024)
      return () => new RAM({ buffer, length: 0, pageSize: buffer.length } as never)
    },
  ],
  ['a function over bytes that it keeps', () => over(BareStorage)],
  ['a function over bytes that answer late', () => over(LateStorage)],
  [
    'a class over bytes that it keeps',
    () => {
      const bytes = new Bytes()
      return class Kept extends BareStorage {
        constructor(_path: string) {
          super(bytes)
        }
      }
    },
  ],
]

/** Those that have what they had when they are opened again. */
const LASTING = new Set([
  'memoryStorage()',
  'RAM.reusable()',
  'RAM.reusable() of a class derived from RAM',
  'a function over bytes that it keeps',
  'a function over bytes that answer late',
  'a class over bytes that it keeps',
])

function oneOf(storage: RandomAccessStorage): StorageArgument {
  return () => storage
}

function over(Storage: new (bytes: Bytes) => RandomAccessStorage): StorageArgument {
  const bytes = new Bytes()
  return () => new Storage(bytes)
}

describe.each(SHARED)('two stores on %s', (name, make) => {
  it('do not open at the same time: the second fails with STORAGE_LOCKED until the first closes', async () => {
    const argument = make()
    const first = engineOf(argument)
    await first.open()
    const second = engineOf(argument)
    await expect(second.open()).rejects.toMatchObject({ name: 'StorageError', code: 'STORAGE_LOCKED' })
    await second.close()
    const core = new Hypercore(first.storage)
    await core.append('block')
    const { key } = core
    await core.close()
    await first.close()
    if (!LASTING.has(name)) return
    const third = engineOf(argument)
    const again = new Hypercore(third.storage, key)
    await again.ready()
    expect(Buffer.from((await again.get(0)) ?? []).toString()).toBe('block')
    await again.close()
  })

  it('do not open at the same moment: one of them does', async () => {
    const argument = make()
    const engines = [engineOf(argument), engineOf(argument), engineOf(argument)]
    const settled = await Promise.allSettled(engines.map((engine) => engine.open()))
    const codes = settled.map((result) => (result.status === 'rejected' ? result.reason.code : 'open'))
    expect(codes.sort()).toEqual(['STORAGE_LOCKED', 'STORAGE_LOCKED', 'open'])
  })
})

describe('two stores on memory of their own', () => {
  it.each<[string, StorageArgument]>([
    ['a class', RAM],
    ['a function', () => new RAM()],
    ['a function of storages without stat', () => new BareStorage()],
  ])('open at the same time, with the same primary key, too: %s', async (_, argument) => {
    const primaryKey = new Uint8Array(32).fill(1)
    const engines = [
      engineOf(argument, { primaryKey }),
      engineOf(argument, { primaryKey }),
      engineOf(argument),
      engineOf(argument),
    ]
    await Promise.all(engines.map((engine) => engine.open()))
    const keys = await Promise.all(engines.map((engine) => engine.primaryKey()))
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(3)
  })
})

it('the lock on a memory is released when its storage fails to close', async () => {
  const bytes = new Bytes()
  let fails = true
  class Failing extends BareStorage {
    close(done: (error: Error | null) => void): void {
      done(fails ? new Error('no') : null)
    }
  }
  const argument = () => new Failing(bytes)
  const first = storageEngine(argument)
  const primaryKey = await first.primaryKey()
  await expect(first.close()).rejects.toMatchObject({ name: 'StorageError' })
  fails = false
  expect(Buffer.from(await engineOf(argument).primaryKey())).toEqual(Buffer.from(primaryKey))
})

it('the lock on a memory is released when the store cannot be opened', async () => {
  const bytes = new Bytes()
  bytes.write(0, Buffer.alloc(9000, 1))
  const argument = () => new BareStorage(bytes)
  for (let round = 0; round < 3; round++) {
    await expect(engineOf(argument).open()).rejects.toMatchObject({ code: 'STORAGE_CONFLICT' })
  }
})

it('stores that only read may share a memory', async () => {
  const argument = RAM.reusable()
  const writer = engineOf(argument)
  const primaryKey = await writer.primaryKey()
  await expect(engineOf(argument, { readOnly: true }).open()).rejects.toMatchObject({
    code: 'STORAGE_LOCKED',
  })
  await writer.close()
  const readers = [engineOf(argument, { readOnly: true }), engineOf(argument, { readOnly: true })]
  for (const reader of readers)
    expect(Buffer.from(await reader.primaryKey())).toEqual(Buffer.from(primaryKey))
  await expect(engineOf(argument).open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
  await Promise.all(readers.map((reader) => reader.close()))
  await engineOf(argument).open()
})

class FilesOf extends RandomAccessFile {}

/** The ways to open the store in a file. */
const DOORS: readonly (readonly [string, (directory: string) => StorageArgument, StorageOptions])[] = [
  ['a string', (directory) => directory, { engine: 'random-access' }],
  ['fileStorage', (directory) => fileStorage(directory), {}],
  ['a function', (directory) => (path) => new RandomAccessFile(join(directory, path)), {}],
  [
    'a function that locks',
    (directory) => (path) => new RandomAccessFile(join(directory, path), { lock: true }),
    {},
  ],
  [
    'a class',
    (directory) =>
      class Files extends FilesOf {
        constructor(path: string) {
          super(path, { directory })
        }
      },
    {},
  ],
]

const PAIRS = DOORS.flatMap((first) => DOORS.map((second) => [first[0], second[0], first, second] as const))

it.each(PAIRS)('one file is not opened by two stores: by %s and %s', async (_, __, first, second) => {
  const directory = emptyDirectory()
  const alias = join(emptyDirectory(), 'link')
  symlinkSync(realpathSync(directory), alias)
  const holder = engineOf(first[1](directory), first[2])
  const primaryKey = await holder.primaryKey()
  for (const path of [directory, alias]) {
    const other = engineOf(second[1](path), second[2])
    await expect(other.open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
    await other.close()
  }
  await holder.close()
  const other = engineOf(second[1](directory), second[2])
  expect(Buffer.from(await other.primaryKey())).toEqual(Buffer.from(primaryKey))
})

it('a store on a random-access-file is locked again after it was suspended', async () => {
  const directory = join(emptyDirectory(), 'store')
  mkdirSync(directory)
  const argument = (path: string) => new RandomAccessFile(join(directory, path))
  const first = engineOf(argument)
  await first.open()
  await first.storage.suspend()
  await first.storage.resume()
  await first.storage.getSeed()
  await expect(engineOf(argument).open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
})

it('two functions whose storages derive from one RAM do not open at the same moment', async () => {
  const memory = new RAM()
  const engines = [engineOf(() => Object.create(memory)), engineOf(() => Object.create(memory))]
  const settled = await Promise.allSettled(engines.map((engine) => engine.open()))
  const codes = settled.map((result) => (result.status === 'rejected' ? result.reason.code : 'open'))
  expect(codes.sort()).toEqual(['STORAGE_LOCKED', 'open'])
})
