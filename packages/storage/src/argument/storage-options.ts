// How a storage is opened: the options, and the checks of them.
import type { KvOptions } from '@coreyard/random-access-kv'
import b4a from 'b4a'
import { badArgument, checkBooleans, describe, refuseMisspelled } from '../errors/bad-argument.js'

/**
 * What keeps the records: `'rocksdb'`, in the on-disk format of Corestore 7, or `'random-access'`, random-access-kv on any
 * `random-access-storage`.
 */
export type EngineName = 'rocksdb' | 'random-access'

/** What the engine `'random-access'` can be told. */
export type RandomAccessOptions = Pick<KvOptions, 'sync' | 'cacheSize' | 'logSize' | 'pageSize'>

/** How a storage is opened. Of an instance, `readOnly` and `primaryKey` count. */
export interface StorageOptions {
  /**
   * 32 bytes: the storage's primary key if it holds none yet. One that holds another is not opened, and nothing
   * in it changes. Default: the one it holds, or a random one.
   */
  readonly primaryKey?: Uint8Array | null | undefined
  /**
   * The engine of a directory. One that holds a store opens with the engine that wrote it; another one is refused. Default: the
   * engine of the store that is there, or `'rocksdb'`.
   */
  readonly engine?: EngineName | undefined
  /**
   * Of the engine `'random-access'`: when what was written survives a power cut (`sync`: at the next checkpoint, at once, or
   * after that many milliseconds at most; default: `'checkpoint'`), bytes of pages in memory (`cacheSize`, default: 64 MiB), bytes
   * of log at which a checkpoint is written (`logSize`, default: 12 MiB), and bytes of a page of a new store (`pageSize`,
   * default: 4096). Refused where the store is one of RocksDB.
   */
  readonly randomAccess?: RandomAccessOptions | undefined
  /**
   * Nothing is written. There has to be a store. With RocksDB no lock is taken: what another store writes meanwhile is not seen.
   * The engine `'random-access'` keeps a store that writes out of the directory meanwhile, and is kept out by one. Default:
   * `false`.
   */
  readonly readOnly?: boolean | undefined
  /**
   * Names the device, up to 256 characters in one line. A RocksDB directory made with an `id` opens with that one or none.
   * Default: none.
   */
  readonly id?: string | null | undefined
  /**
   * Wait while another store has the storage open, instead of failing. Has no effect in RocksDB together with `readOnly` or
   * `allowBackup`, which do not take the lock that is waited for. Default: `false`.
   */
  readonly wait?: boolean | undefined
  /**
   * Open a RocksDB directory even if it was copied or moved from where it was made. Only if no other copy will be written
   * again. Default: `false`. The engine `'random-access'` does not look whether it was.
   */
  readonly allowBackup?: boolean | undefined
  /**
   * The cache of Merkle tree nodes: how many nodes at most (default 8192), and after how many milliseconds they go
   * (default: never).
   */
  readonly treeCache?:
    | { readonly maxSize?: number | undefined; readonly maxAge?: number | undefined }
    | null
    | undefined
}

/** Checks what would otherwise fail late, or harm the directory. Throws a `TypeError`. */
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
  // The device file keeps it in a line of text, of which it reads 4096 bytes and trims the ends.
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
