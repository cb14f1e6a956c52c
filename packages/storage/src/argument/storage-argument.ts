// The storage argument: its kinds, as far as they can be distinguished before anything is opened.
import type { CorestoreStorage } from '@coreyard/hypercore-types'
import type { RandomAccessStorage } from '@coreyard/random-access-kv'
import HypercoreStorage from 'hypercore-storage'
import { badArgument, describe } from '../errors/bad-argument.js'
import { type DirectoryUrl, namedDirectory } from './named-directory.js'
import {
  isStorage,
  makeStorage,
  type RandomAccessClass,
  type RandomAccessFunction,
} from './random-access-argument.js'
import { type FileDirectory, fileDirectoryOf } from './ready-made-storages.js'
import type { EngineName } from './storage-options.js'

/**
 * A storage argument: the path or the `file:` URL of a directory, a class of `random-access-storage`, a function that returns such a
 * storage, or a `hypercore-storage` instance.
 */
export type StorageArgument =
  | string
  | DirectoryUrl
  | RandomAccessClass
  | RandomAccessFunction
  | CorestoreStorage

/** A directory that was given as a path or by `fileStorage`. */
export interface DirectorySource extends FileDirectory {
  /** The option `engine`. */
  readonly engine: EngineName | undefined
}

/** A storage that a class or function made. */
export interface MadeStorage {
  readonly argument: object
  readonly randomAccess: RandomAccessStorage
}

/** A storage argument by its kind. */
export type StorageSource = DirectorySource | MadeStorage | { readonly instance: CorestoreStorage }

/** Makes a path absolute, so that it stays the same when the working directory changes. Other arguments are returned unchanged. */
export function absolute(argument: StorageArgument): StorageArgument {
  return namedDirectory(argument) ?? argument
}

/** Returns the source that the argument names: a directory, a storage of a class or function, or an instance. Throws a `TypeError`. */
export function readArgument(argument: unknown, engine: EngineName | undefined): StorageSource {
  if (HypercoreStorage.isCoreStorage(argument)) return { instance: argument }
  if (typeof argument === 'function') {
    if (engine === 'rocksdb')
      throw badArgument("the engine 'rocksdb' needs storage to be the path of a directory")
    const files = fileDirectoryOf(argument)
    return files === undefined
      ? { randomAccess: makeStorage(argument), argument }
      : { ...files, engine: 'random-access' }
  }
  const directory = namedDirectory(argument)
  if (directory !== null) return { directory, lock: true, sync: true, engine }
  const hint = isStorage(argument)
    ? ': it is closed with the store, so hand in a function that makes it, such as () => storage'
    : '. For a store in memory, give memoryStorage()'
  throw badArgument(
    'storage must be the path of a directory, a string, a class of random-access-storage, a function that makes one, or a ' +
      `hypercore-storage instance, not ${isStorage(argument) ? 'a random-access-storage itself' : describe(argument)}${hint}`,
  )
}
