// A source without a store: what `convert` says to the caller.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { memoryStorage } from '@coreyard/storage'
import { expect, test } from 'vitest'
import { emptyDirectory } from '../../storage/test/directories.js'
import { convert } from '../src/index.js'

test('convert of a directory that does not exist says so, and does not speak of read-only storages', async () => {
  const directory = emptyDirectory()
  const missing = join(directory, 'missing')
  const to = join(directory, 'to')
  await expect(convert(missing, to)).rejects.toMatchObject({
    code: 'STORAGE_NO_STORE',
    directory: missing,
    message: `${missing} does not exist: give the storage of a store, of this version or of Corestore 6 or 7`,
  })
  expect(existsSync(to)).toBe(false)
})

test.each([
  ['a directory', () => emptyDirectory()],
  ['memory', () => memoryStorage()],
])('convert of %s without a store says that there is none', async (_, from) => {
  await expect(convert(from(), memoryStorage())).rejects.toMatchObject({
    code: 'STORAGE_NO_STORE',
    message: expect.stringMatching(/ holds no store to convert: give /),
  })
})
