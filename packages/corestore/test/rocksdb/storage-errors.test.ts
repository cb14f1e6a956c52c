// Directories of RocksDB that cannot be opened, and instances of hypercore-storage.

import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
