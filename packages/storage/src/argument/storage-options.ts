// How a storage is opened: the options, and the checks of them.
import type { KvOptions } from '@coreyard/random-access-kv'
import b4a from 'b4a'
import { badArgument, checkBooleans, describe, refuseMisspelled } from '../errors/bad-argument.js'

/**
 * The database that holds the records: `'rocksdb'`, in the on-disk format of Corestore 7, or `'random-access'`, which is
 * random-access-kv on any `random-access-storage`.
 */
export type EngineName = 'rocksdb' | 'random-access'

/** The options of the engine `'random-access'`. They are those of `KvOptions` of `@coreyard/random-access-kv`. */
export type RandomAccessOptions = Pick<KvOptions, 'sync' | 'cacheSize' | 'logSize' | 'pageSize'>

/**
 * How a storage is opened. A path takes all options. A class or function uses `primaryKey`, `readOnly`, `randomAccess`, `treeCache` and
 * `wait`; a `hypercore-storage` instance uses `primaryKey` and `readOnly`.
 */
export interface StorageOptions {
  /**
   * 32 bytes: the primary key of a storage that holds none yet. A storage that holds a different key is refused with
   * `STORAGE_CONFLICT` and does not change. Default: the stored key, or a random one.
   */
  readonly primaryKey?: Uint8Array | null | undefined
  /**
   * The engine of a directory. A directory that holds a store opens only with the engine that wrote the store; the other engine is
   * refused with `STORAGE_CONFLICT`. Default: the engine of the stored store, or `'rocksdb'`.
   */
  readonly engine?: EngineName | undefined
  /**
   * Options of the engine `'random-access'`. A RocksDB store refuses them.
   *
   * - `sync`: when writes survive a power cut: `'checkpoint'`, at the next checkpoint; `'always'`, before they are acknowledged; or a
   *   number, after at most so many milliseconds. Default: `'checkpoint'`;
   * - `cacheSize`: bytes of pages kept in memory. Default: 64 MiB;
   * - `logSize`: bytes of log at which a checkpoint is written. Default: 12 MiB;
   * - `pageSize`: bytes of a page in a new store. Default: 4096.
   */
  readonly randomAccess?: RandomAccessOptions | undefined
  /**
   * Open the storage only for reading. It must hold a store, else the error is `STORAGE_NO_STORE`.
   *
   * RocksDB takes no lock then, so another store may write to the directory: later writes are not visible. With the engine
   * `'random-access'`, several readers can be open at once, but no store can write while a reader is open, and the other way round.
   * Default: `false`.
   */
  readonly readOnly?: boolean | undefined
  /**
   * Names the device, up to 256 characters in one line. A RocksDB directory made with an `id` opens with that one or none.
   * Default: none.
   */
  readonly id?: string | null | undefined
  /**
   * Wait while another store has the storage open, instead of failing. It has no effect in RocksDB together with `readOnly` or
   * `allowBackup`, because those do not take the lock. Default: `false`.
   */
  readonly wait?: boolean | undefined
  /**
   * Open a RocksDB directory even if it was copied or moved since it was made. Use it only if no other copy will be written again.
   * Default: `false`. The engine `'random-access'` does not check whether a directory was moved.
   */
  readonly allowBackup?: boolean | undefined
  /**
   * The cache of Merkle tree nodes. `maxSize` is the maximum number of nodes (default: 8192). `maxAge` is how long a node is kept, in
   * milliseconds (default: no limit).
   */
  readonly treeCache?:
    | { readonly maxSize?: number | undefined; readonly maxAge?: number | undefined }
    | null
    | undefined
}

/** Checks options that would otherwise fail late, or harm the directory. Throws a `TypeError`. */
export function checkOptions(options: StorageOptions): void {
  if (!isObject(options)) throw badArgument(`options must be an object, not ${describe(options)}`)
  const { engine, primaryKey, id, treeCache, randomAccess, readOnly, wait, allowBackup } = options
  checkBooleans({ readOnly, wait, allowBackup })
  if (engine !== undefined && engine !== 'rocksdb' && engine !== 'random-access') {
    throw badArgument(
      `engine must be 'rocksdb' or 'random-access': ${describe(engine, 'word')} is not an engine`,
    )
  }
  const isKey = b4a.isBuffer(primaryKey) && primaryKey.byteLength === 32
  if (primaryKey !== undefined && primaryKey !== null && !isKey) {
    throw badArgument(`primaryKey must be a Uint8Array of 32 bytes, not ${describe(primaryKey)}`)
  }
  // The device file stores the `id` in a line of text. It reads 4096 bytes of that line and trims the ends.
  if (id !== undefined && id !== null && !(typeof id === 'string' && /^\S(?:.{0,254}\S)?$/.test(id))) {
    throw badArgument(
      `id must be 1 to 256 characters in one line, without space around it, not ${describe(id)}`,
    )
  }
  if (randomAccess !== undefined && !isObject(randomAccess)) {
    throw badArgument(`randomAccess must be an object, not ${describe(randomAccess)}`)
  }
  if (treeCache !== undefined && treeCache !== null && !isObject(treeCache)) {
    throw badArgument(`treeCache must be an object, not ${describe(treeCache)}`)
  }
  refuseMisspelled(treeCache ?? {}, ['maxSize', 'maxAge'])
  const { maxSize, maxAge } = treeCache ?? {}
  for (const [name, value] of Object.entries({ maxSize, maxAge })) {
    if (value !== undefined && !(typeof value === 'number' && value > 0)) {
      throw badArgument(`treeCache.${name} must be a number above 0, not ${describe(value, 'number')}`)
    }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !b4a.isBuffer(value)
}
