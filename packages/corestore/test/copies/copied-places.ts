// Places of stores that can be copied without the store's knowledge: what a copy of the directory, of the file, or of the bytes holds.

import { cpSync } from 'node:fs'
import { join } from 'node:path'
import RandomAccessFile from 'random-access-file'
import type { StorageArgument, StoreOptions } from '../../src/index.js'
import { emptyDirectory } from '../helpers/directories.js'
import { LateFile, LateStorage } from '../helpers/late-storage.js'

export interface CopiedPlace {
  readonly storage: StorageArgument
  readonly options: StoreOptions
  copy(): CopiedPlace
  /** Puts a copy in place of what is there, file by file; `null` for a place without files. */
  readonly restore: ((copy: CopiedPlace) => void) | null
  /** Where the files are. */
  readonly path: string | null
}

type Make = () => CopiedPlace

/** What a user may keep a store in. */
export const COPIED: readonly (readonly [name: string, make: Make])[] = [
  ['a RocksDB directory', () => directory({ allowBackup: true })],
  ['a directory of files', () => directory({ engine: 'random-access' })],
  ['a random-access-file', () => file(join(emptyDirectory(), 'store'))],
  ['bytes in memory', () => bytes(new LateFile())],
]

function directory(options: StoreOptions, path = emptyDirectory()): CopiedPlace {
  return {
    storage: path,
    options,
    path,
    restore: (copy) => cpSync(copy.path ?? '', path, { recursive: true }),
    copy() {
      const to = join(emptyDirectory(), 'copy')
      cpSync(path, to, { recursive: true })
      return directory(options, to)
    },
  }
}

function file(path: string): CopiedPlace {
  return {
    storage: () => new RandomAccessFile(path),
    options: {},
    path,
    restore: (copy) => cpSync(copy.path ?? '', path),
    copy() {
      const to = join(emptyDirectory(), 'copy')
      cpSync(path, to)
      return file(to)
    },
  }
}

function bytes(kept: LateFile): CopiedPlace {
  return {
    storage: () => new LateStorage(kept),
    options: {},
    path: null,
    restore: null,
    copy() {
      const to = new LateFile()
      to.write(0, kept.bytes)
      return bytes(to)
    },
  }
}
