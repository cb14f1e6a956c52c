// Directories of RocksDB that cannot be opened, and instances of hypercore-storage.

import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { convert } from '@coreyard/convert'
import HypercoreStorage from 'hypercore-storage'
import { expect, test } from 'vitest'
import { Corestore } from '../../src/index.js'
import { bytes32, text } from '../helpers/bytes.js'
import { directoryHash, emptyDirectory } from '../helpers/directories.js'
import { expectNothingToOpen } from '../helpers/nothing-opens.js'
import { openStoreIn } from '../helpers/open-store.js'
import { storedDirectory } from '../helpers/stored-core.js'

test('an instance with a different primary key is refused', async () => {
  const directory = await storedDirectory()
  const store = new Corestore(new HypercoreStorage(directory), { primaryKey: bytes32(7) })
  await expectNothingToOpen(store, { code: 'STORAGE_CONFLICT' })
  expect(text(await openStoreIn(directory).get({ name: 'a' }).get(0))).toBe('block')
})

test('a directory that was copied is refused, and left as it is; allowBackup opens it', async () => {
  const directory = await storedDirectory()
  const copy = join(emptyDirectory(), 'copy')
  cpSync(directory, copy, { recursive: true })
  const before = directoryHash(copy)
  await expectNothingToOpen(openStoreIn(copy), {
    code: 'STORAGE_MOVED',
    directory: copy,
    message: expect.stringMatching(/allowBackup: true } each time.*coreyard backup.*convert\(/),
  })
  expect(directoryHash(copy)).toEqual(before)
  expect(text(await openStoreIn(copy, { allowBackup: true }).get({ name: 'a' }).get(0))).toBe('block')
})

test('a directory that was moved goes on as a store when it is converted, and recovery is false once', async () => {
  const moved = join(emptyDirectory(), 'moved')
  cpSync(await storedDirectory(), moved, { recursive: true })
  const directory = join(emptyDirectory(), 'store')
  await convert(moved, directory, { from: { allowBackup: true } })
  for (const options of [{ recovery: false } as const, {}]) {
    const store = openStoreIn(directory, options)
    await store.get({ name: 'a' }).append('next')
    await store.close()
  }
  const core = openStoreIn(directory).get({ name: 'a' })
  await core.ready()
  expect(core.length).toBe(3)
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
