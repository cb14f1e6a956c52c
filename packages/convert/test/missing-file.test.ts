// A class or function whose file does not exist, as the source and as the destination of a conversion.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileStorage, memoryStorage, type StorageArgument } from '@coreyard/storage'
import Hypercore from 'hypercore'
import RandomAccessFile from 'random-access-file'
import { describe, expect, test } from 'vitest'
import { emptyDirectory } from '../../storage/test/directories.js'
import { convert } from '../src/index.js'
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
  test('fails with STORAGE_NO_STORE as the source of a conversion, and is not created', async () => {
    const directory = join(emptyDirectory(), 'new')
    await expect(convert(make(directory), memoryStorage())).rejects.toMatchObject({
      code: 'STORAGE_NO_STORE',
    })
    expect(existsSync(directory)).toBe(false)
  })

  test('is created as the destination of a conversion', async () => {
    const source = memoryStorage()
    const { storage } = engineOf(source)
    const core = new Hypercore(storage)
    await core.append('block')
    await core.close() // with the storage

    const destination = make(join(emptyDirectory(), 'new'))
    await convert(source, destination)
    const copy = new Hypercore(engineOf(destination).storage, core.key)
    expect(String(await copy.get(0))).toBe('block')
    await copy.close()
  })
})
