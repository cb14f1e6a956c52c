// Places for stores, one for each kind of storage.
import { memoryStorage, type StorageArgument, type StorageOptions } from '../src/index.js'
import { emptyDirectory } from './directories.js'

/** A storage argument, and the options that belong to it. */
export interface Place {
  readonly argument: StorageArgument
  readonly options?: Pick<StorageOptions, 'engine'>
}

export const PLACES: readonly (readonly [name: string, make: () => Place])[] = [
  ['RocksDB', () => ({ argument: emptyDirectory() })],
  ['files', () => ({ argument: emptyDirectory(), options: { engine: 'random-access' } })],
  ['memory', () => ({ argument: memoryStorage() })],
]
