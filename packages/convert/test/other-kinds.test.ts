// Stores of other kinds than those that a storage opens: its error names the call that brings them over.
import { join } from 'node:path'
import {
  fileStorage,
  memoryStorage,
  type RandomAccessClass,
  type RandomAccessFunction,
  type StorageArgument,
  type StorageOptions,
  storageEngine,
} from '@coreyard/storage'
import Corestore6 from 'corestore-6'
import Corestore7 from 'corestore-7'
import RandomAccessFile from 'random-access-file'
import RAM from 'random-access-memory'
import { describe, expect, it } from 'vitest'
import { contentsOf, emptyDirectory } from '../../storage/test/directories.js'
import { type CoreKeys, convert } from '../src/index.js'
import { engineOf } from './engines.js'

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

describe('a store that Corestore 7 has moved', () => {
  it('is converted by the call that the message names', async () => {
    const directory = emptyDirectory()
    const engine = engineOf(fileStorage(directory))
    const primaryKey = await engine.primaryKey()
    await engine.close()
    const store = new Corestore7(directory)
    await store.ready()
    await store.close()
    for (const [, argument, options] of DOORS) {
      await expect(engineOf(argument(directory), options).open()).rejects.toMatchObject({
        code: 'STORAGE_CONFLICT',
        message: expect.stringMatching(/convert\(fileStorage\('.*db'\), destination\)/),
      })
    }
    const destination = join(emptyDirectory(), 'new')
    await convert(fileStorage(join(directory, 'db')), destination)
    expect(Buffer.from(await engineOf(destination).primaryKey())).toEqual(Buffer.from(primaryKey))
  })
})

it('a Corestore 6 in a directory is read by a read-only storage from a copy, made by the call that its error names', async () => {
  const directory = emptyDirectory()
  const old = new Corestore6(directory)
  const core = old.get({ name: 'a' })
  await core.append('block')
  await old.close()
  const before = contentsOf(directory)
  await expect(engineOf(directory, { readOnly: true }).open()).rejects.toMatchObject({
    code: 'STORAGE_NOT_MIGRATED',
    message: expect.stringContaining(`convert('${directory}', destination) of @coreyard/convert`),
  })
  const copy = join(emptyDirectory(), 'copy')
  await convert(directory, copy)
  expect(contentsOf(directory)).toEqual(before)
  const store = new Corestore7(engineOf(copy, { readOnly: true }).storage)
  expect(Buffer.from((await store.get({ name: 'a' }).get(0)) ?? []).toString()).toBe('block')
  await store.close()
})

/** Storages of Corestore 6 that a class or function makes. */
const OLD: readonly (readonly [string, () => RandomAccessFunction | RandomAccessClass])[] = [
  ['RAM.reusable()', () => RAM.reusable()],
  ['memoryStorage()', () => memoryStorage()],
  ['a function of files', () => filesIn(emptyDirectory())],
  ['a class of files', () => classOf(emptyDirectory())],
  [
    'a function that hides its files',
    () => {
      const open = filesIn(emptyDirectory())
      return (path) => {
        const file = open(path)
        // As an encrypted storage over a file: it shows neither its name nor its descriptor.
        return {
          opened: true,
          open: (done: (error: Error | null) => void) => file.open?.(done),
          read: file.read.bind(file),
          write: file.write.bind(file),
          stat: (done) => file.stat?.(done),
          close: (done) => file.close?.(done),
          del: Reflect.get(file, 'del')?.bind(file),
          truncate: (size: number, done: (error: Error | null) => void) => file.truncate?.(size, done),
        }
      }
    },
  ],
]

describe.each(OLD)('a store of Corestore 6 on %s', (_, make) => {
  it('is refused as an empty storage, and is converted by the call that the message names', async () => {
    const storage = make()
    const open = storage as RandomAccessFunction
    const old = new Corestore6(
      storage.prototype?.read === undefined
        ? open
        : (path: string) => new (storage as RandomAccessClass)(path),
    )
    await old.ready()
    const core = old.get({ name: 'a' })
    await core.append('block')
    const { key } = core
    const { primaryKey } = old
    await old.close()
    for (let round = 0; round < 2; round++) {
      for (const readOnly of [false, true]) {
        const engine = storageEngine(storage, { readOnly })
        await expect(engine.open()).rejects.toMatchObject({
          code: 'STORAGE_CONFLICT',
          message: expect.stringMatching(
            /primary-key.*Corestore 6.*convert\(storage, destination, \{ cores \}\)/,
          ),
        })
        await engine.close()
      }
    }
    const destination = join(emptyDirectory(), 'new')
    const cores: CoreKeys = [key]
    await convert(storage, destination, { cores })
    const store = new Corestore7(engineOf(destination).storage)
    expect(Buffer.from((await store.get({ name: 'a' }).get(0)) ?? []).toString()).toBe('block')
    expect(Buffer.from(store.primaryKey)).toEqual(Buffer.from(primaryKey))
    await store.close()
  })
})
