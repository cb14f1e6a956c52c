// A class or function whose file does not exist: what only reads finds no store, and makes nothing.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import RandomAccessFile from 'random-access-file'
import { describe, expect, test } from 'vitest'
import { fileStorage, type StorageArgument } from '../src/index.js'
import { emptyDirectory } from './directories.js'
import { engineOf } from './engines.js'

const FILES: readonly (readonly [string, (directory: string) => StorageArgument])[] = [
  ['random-access-file', (directory) => (path) => new RandomAccessFile(join(directory, path))],
  [
    'a class of random-access-file',
    (directory) =>
      class Files extends RandomAccessFile {
        constructor(path: string) {
          super(path, { directory })
        }
      },
  ],
  ['the function of fileStorage, called by another', (directory) => (path) => fileStorage(directory)(path)],
]

describe.each(FILES)('a file that does not exist, of %s', (_, make) => {
  test('fails with STORAGE_NO_STORE for readOnly, and is not created', async () => {
    const directory = join(emptyDirectory(), 'new')
    await expect(engineOf(make(directory), { readOnly: true }).open()).rejects.toMatchObject({
      code: 'STORAGE_NO_STORE',
    })
    expect(existsSync(directory)).toBe(false)
  })
})
