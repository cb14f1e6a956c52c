// Failures of the storage: what they are answered with, that the directory is left as it is, and that the next store works.

import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import HypercoreStorage from 'hypercore-storage'
import { describe, expect, test } from 'vitest'
import { Corestore, StorageError } from '../../src/index.js'
import { bytes32, hex, text } from '../helpers/bytes.js'
import { directoryHash } from '../helpers/directory-hash.js'
import { holderOf } from '../helpers/holder.js'
import { emptyDirectory, openStoreIn } from '../helpers/open-store.js'

/** Checks that nothing of the store opens, each time with that error, and that it closes all the same. */
async function expectNothingToOpen(store: Corestore, expected: object): Promise<void> {
  const attempts = [
    store.ready(),
    store.get({ name: 'a' }).ready(),
    store.get(bytes32(1)).ready(),
    store.get({ discoveryKey: bytes32(1) }).ready(),
    store.get({ preload: async () => ({ name: 'a' }) }).append('block'),
    store.session().ready(),
    store.namespace('a').get().ready(),
    store.createKeyPair('a'),
    (async () => {
      for await (const _ of store.list()) throw new Error('Something is listed')
    })(),
  ]
  for (const attempt of attempts) {
    const error = await attempt.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(StorageError)
    expect(error).toMatchObject(expected)
  }
  await store.close()
}

describe('a directory that another process has open', () => {
  test('is refused, by name, and left as it is; the next store opens it', async () => {
    const directory = await storedDirectory()
    const holder = await holderOf(directory)
    const before = directoryHash(directory)
    await expectNothingToOpen(openStoreIn(directory), {
      code: 'STORAGE_LOCKED',
      directory,
      message: expect.stringContaining(`${directory} is open in another store`),
    })
    expect(directoryHash(directory)).toEqual(before)
    await holder.end()
    expect(text(await openStoreIn(directory).get({ name: 'a' }).get(0))).toBe('block')
  })

  test('is waited for with wait', async () => {
    const directory = await storedDirectory()
    const holder = await holderOf(directory)
    const block = openStoreIn(directory, { wait: true }).get({ name: 'a' }).get(0)
    await expectNothingToOpen(openStoreIn(directory), { code: 'STORAGE_LOCKED' })
    await holder.end()
    expect(text(await block)).toBe('block')
  })

  test('is refused if it is another store of this process, which goes on', async () => {
    const directory = emptyDirectory()
    const first = openStoreIn(directory)
    await first.ready()
    await expectNothingToOpen(openStoreIn(directory), { code: 'STORAGE_LOCKED', directory })
    await first.get({ name: 'a' }).append('block')
  })
})

describe('a directory that cannot be', () => {
  test.each([
    ['a file', 'file'],
    ['a path under a file', 'file/a/b'],
  ])('%s: is refused, by name, and left as it is', async (_, path) => {
    const parent = emptyDirectory()
    writeFileSync(join(parent, 'file'), 'content')
    const before = directoryHash(parent)
    const directory = join(parent, path)
    await expectNothingToOpen(openStoreIn(directory), {
      code: 'STORAGE_NOT_WRITABLE',
      directory,
      message: expect.stringContaining(
        `${directory} cannot be used as a directory that is written: choose another`,
      ),
    })
    expect(directoryHash(parent)).toEqual(before)
  })
})

test('nobody has to listen: no rejection goes unhandled', async () => {
  const path = join(emptyDirectory(), 'file')
  writeFileSync(path, 'content')
  const store = openStoreIn(path)
  const session = store.namespace('a')
  const core = session.get({ name: 'a' })
  store.get(bytes32(1))
  store.get({ exclusive: true })
  await new Promise<void>((resolve) => core.once('close', resolve))
  await session.close()
  await store.close()
})

describe('a storage with a different primary key', () => {
  test('is refused, and every byte of it is left as it is', async () => {
    const directory = await storedDirectory()
    const before = directoryHash(directory)
    await expectNothingToOpen(openStoreIn(directory, { primaryKey: bytes32(7) }), {
      code: 'STORAGE_CONFLICT',
      directory,
      message: expect.stringContaining(
        `${directory} holds a store with another primary key: leave out primaryKey`,
      ),
    })
    expect(directoryHash(directory)).toEqual(before)
    expect(text(await openStoreIn(directory).get({ name: 'a' }).get(0))).toBe('block')
  })

  test('is refused if it is an instance, too', async () => {
    const directory = await storedDirectory()
    const store = new Corestore(new HypercoreStorage(directory), { primaryKey: bytes32(7) })
    await expectNothingToOpen(store, { code: 'STORAGE_CONFLICT' })
    expect(text(await openStoreIn(directory).get({ name: 'a' }).get(0))).toBe('block')
  })

  test('is told without showing either key', async () => {
    const directory = await storedDirectory()
    const error: Error = await openStoreIn(directory, { primaryKey: bytes32(7) })
      .ready()
      .then(
        () => new Error('It opened'),
        (error) => error,
      )
    const printed = `${error.message} ${JSON.stringify(error)} ${error.stack}`
    expect(printed).not.toContain(hex(bytes32(7)))
    expect(printed).not.toContain(bytes32(7).join(','))
  })
})

test('a directory that was copied is refused, and left as it is; allowBackup opens it', async () => {
  const directory = await storedDirectory()
  const copy = join(emptyDirectory(), 'copy')
  cpSync(directory, copy, { recursive: true })
  const before = directoryHash(copy)
  await expectNothingToOpen(openStoreIn(copy), {
    code: 'STORAGE_MOVED',
    directory: copy,
    message: expect.stringContaining('{ allowBackup: true }'),
  })
  expect(directoryHash(copy)).toEqual(before)
  expect(text(await openStoreIn(copy, { allowBackup: true }).get({ name: 'a' }).get(0))).toBe('block')
})

test('a directory that is damaged is refused, and left as it is', async () => {
  const directory = emptyDirectory()
  mkdirSync(join(directory, 'db'))
  writeFileSync(join(directory, 'db', 'CURRENT'), 'damaged\n')
  await expectNothingToOpen(openStoreIn(directory), {
    code: 'STORAGE_CORRUPT',
    directory,
    message: expect.stringContaining('put back a backup of it, or choose another directory'),
  })
})

/** A directory with a closed store in it, that has a core of one block. */
async function storedDirectory(): Promise<string> {
  const directory = emptyDirectory()
  const store = openStoreIn(directory)
  await store.get({ name: 'a' }).append('block')
  await store.close()
  return directory
}
