// Messages for what users get wrong, read by the person who made the mistake.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import RandomAccessFile from 'random-access-file'
import { expect, test } from 'vitest'
import { storageEngine } from '../src/index.js'
import { emptyDirectory } from './directories.js'

test('a class that writes into the working directory is refused, and the error names alternatives', () => {
  class Derived extends RandomAccessFile {}
  for (const storage of [RandomAccessFile, Derived]) {
    expect(() => storageEngine(storage)).toThrow(
      expect.objectContaining({
        code: 'BAD_ARGUMENT',
        message: expect.stringMatching(
          /working directory: give the path of a directory with .* or a function/,
        ),
      }),
    )
  }
  expect(existsSync('store.kv')).toBe(false)
})

test('a class of random-access-file with its own directory is accepted', async () => {
  const directory = emptyDirectory()
  class Kept extends RandomAccessFile {
    constructor(path: string) {
      super(path, { directory })
    }
  }
  const engine = storageEngine(Kept)
  await engine.open()
  await engine.close()
  expect(existsSync(join(directory, 'store.kv'))).toBe(true)
})

test.each(['rocks', 'RocksDB', 'files', '', null])(
  'the engine %j is refused with the names of both',
  (engine) => {
    const untyped = storageEngine as (argument: unknown, options: unknown) => unknown
    expect(() => untyped(emptyDirectory(), { engine })).toThrow(/'rocksdb' or 'random-access'/)
  },
)
