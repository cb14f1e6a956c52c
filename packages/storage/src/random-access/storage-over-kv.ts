// hypercore-storage on random-access-kv, in a directory or on any random-access-storage.
import type { CorestoreStorage } from '@coreyard/hypercore-types'
import { KvError, RandomAccessKV, type RandomAccessStorage } from '@coreyard/random-access-kv'
import type { StorageOptions } from '../argument/storage-options.js'
import { RandomAccessDatabase } from '../database/random-access-database.js'
import { badArgument } from '../errors/bad-argument.js'
import { CheckedStorage } from '../records/checked-storage.js'

/**
 * Returns a storage for Hypercore. It opens on first use.
 *
 * @param file the path of its file; `null` for none
 * @throws a `TypeError` with the code `BAD_ARGUMENT` for options that random-access-kv does not accept
 */
export function storageOver(
  storage: RandomAccessStorage,
  file: string | null,
  { readOnly = false, randomAccess, treeCache }: StorageOptions,
): CorestoreStorage {
  const kv = makeKv(storage, { ...randomAccess, readOnly })
  const options = {
    readOnly,
    ...(treeCache ? { treeCache: { ...treeCache, maxSize: treeCache.maxSize ?? 8192 } } : {}),
  }
  return new CheckedStorage(RandomAccessDatabase.over(kv, file), options)
}

function makeKv(
  storage: RandomAccessStorage,
  options: ConstructorParameters<typeof RandomAccessKV>[1],
): RandomAccessKV {
  try {
    return new RandomAccessKV(storage, options)
  } catch (error) {
    if (error instanceof KvError && error.code === 'KV_BAD_ARGUMENT') throw badArgument(error.message, error)
    throw error
  }
}
