// Turns the storage argument into a storage for Hypercore 11 with a life cycle: it opens once, determines its primary key, and closes
// whatever happened before. The checks of a directory before it opens are in rocksdb/directory-gate.ts and
// random-access/file-in-directory.ts.

import { join } from 'node:path'
import { readOnlyView } from '@coreyard/hypercore-port/storage'
import type { CorestoreStorage } from '@coreyard/hypercore-types'
import type { RandomAccessStorage } from '@coreyard/random-access-kv'
import crypto from 'hypercore-crypto'
import {
  type DirectorySource,
  type MadeStorage,
  readArgument,
  type StorageArgument,
} from '../argument/storage-argument.js'
import { checkOptions, type EngineName, type StorageOptions } from '../argument/storage-options.js'
import { NativeDatabase } from '../database/native-database.js'
import { RandomAccessDatabase } from '../database/random-access-database.js'
import { engineFor } from '../directory/engine-conflict.js'
import { type StoreFiles, storeFiles } from '../directory/layout.js'
import { badArgument } from '../errors/bad-argument.js'
import { nameOf, StorageError, storageClosed } from '../errors/storage-error.js'
import { toStorageError } from '../errors/to-storage-error.js'
import { FileInDirectory } from '../random-access/file-in-directory.js'
import { GuardedStorage } from '../random-access/guarded-storage.js'
import { storageOver } from '../random-access/storage-over-kv.js'
import { expectSameKey } from '../records/primary-key.js'
import { directoryOf, explainOpening } from '../records/store-head.js'
import { DirectoryGate } from '../rocksdb/directory-gate.js'
import { DirectoryStorage } from '../rocksdb/directory-storage.js'
import { Continuity } from './continuity.js'
import type { PlaceFile } from './place.js'
import { type Sync, syncOf } from './sync.js'

/** A storage for Hypercore 11, and its life cycle. */
export interface StorageEngine {
  /** The storage to pass to Hypercore. It can be used at once, because it opens itself on first use. */
  readonly storage: CorestoreStorage
  /**
   * The directory: an absolute path for a path or `fileStorage`; the path that a `hypercore-storage` instance has; `null` for a class or
   * any other function.
   */
  readonly directory: string | null
  /** The database that holds the records. */
  readonly engine: EngineName
  /** Whether the storage was opened only for reading. */
  readonly readOnly: boolean
  /**
   * For callers that write cores: whether the cores may be older than those of their peers. After `open`, call `begin`: it stores a mark of
   * where and when the store was opened.
   */
  readonly continuity: Pick<
    Continuity,
    'begin' | 'end' | 'isCopy' | 'isInDoubt' | 'doubtOf' | 'settle' | 'trust'
  >
  /**
   * Opens the storage and determines its primary key. It can be called again. Rejects with a {@link StorageError}. The storage then stays
   * closed; call `close` to release its lock.
   */
  open(): Promise<void>
  /**
   * Opens the storage and resolves with its primary key, 32 bytes. A storage without a key stores the one given in the options, or a
   * random one. Rejects like `open`.
   */
  primaryKey(): Promise<Uint8Array>
  /**
   * Makes every write before the call survive a power cut. Without it, an acknowledged write survives only a crash of the process. For a
   * storage that cannot sync, such as memory, it resolves at once.
   */
  sync(): Promise<void>
  /**
   * Closes the storage and releases its lock, even if it was never opened or failed to open. If `open` is running, it waits for that, but
   * it does not wait for a lock. It can be called again.
   */
  close(): Promise<void>
}

/**
 * Turns the storage argument into a storage engine. It opens nothing. On disk it only checks whether the directory holds a store of the
 * engine `'random-access'`.
 *
 * @param argument one of:
 *
 *   - the path or `file:` URL of a directory, for the engine that wrote its store; a new store uses `options.engine`, or RocksDB;
 *   - a class of `random-access-storage`, or a function that returns such a storage;
 *   - a `hypercore-storage` instance, which is used as it is and closed with the engine. With `readOnly`, it is wrapped in a view that
 *     refuses writes
 * @throws a `TypeError` with the code `BAD_ARGUMENT` for any other argument, for a class or function that throws or does not return a
 *   storage, and for a wrong option
 */
export function storageEngine(argument: StorageArgument, options: StorageOptions = {}): StorageEngine {
  checkOptions(options)
  const source = readArgument(argument, options.engine)
  if ('instance' in source) {
    expectNoRandomAccessOptions(options, 'is opened already')
    return ofInstance(source.instance, options)
  }
  if ('randomAccess' in source) return ofRandomAccess(source, options)
  const files = storeFiles(source.directory)
  if (engineFor(files, source.engine) === 'random-access') return ofStoreFile(files, source, options)
  expectRocksDB(files)
  expectNoRandomAccessOptions(options, `is of the engine 'rocksdb' in ${source.directory}`)
  return ofDirectory(files, options)
}

/** Throws for options that another engine would ignore. The caller may rely on `sync` for a power cut. */
function expectNoRandomAccessOptions({ randomAccess = {} }: StorageOptions, is: string): void {
  if (Object.values(randomAccess).every((value) => value === undefined)) return
  throw badArgument(
    `randomAccess has options of the engine 'random-access', and the store ${is}: leave them out, or choose that engine for a new ` +
      "directory with engine: 'random-access'",
  )
}

/** Throws where the native RocksDB ends the process (rocksdb-native 3.18): on Bun and Deno. */
function expectRocksDB({ directory }: StoreFiles): void {
  const runtime = 'Bun' in globalThis ? 'Bun' : 'Deno' in globalThis ? 'Deno' : null
  if (runtime === null) return
  throw badArgument(
    `RocksDB does not run on ${runtime}: open ${directory} with { engine: 'random-access' }, and convert a store of RocksDB on Node.js`,
  )
}

const DEFAULT_TREE_NODES = 8192

function ofDirectory(files: StoreFiles, options: StorageOptions): StorageEngine {
  const { readOnly = false, allowBackup = false, wait = false, id = null, treeCache } = options
  const primaryKey = copyOf(options.primaryKey)
  const declareFamily = (name: string) => {
    database.columnFamily(name)
  }
  const gate = new DirectoryGate(files, { primaryKey, readOnly, allowBackup, wait, id, declareFamily })
  const database = new NativeDatabase(files.database, { readOnly, lock: gate })
  const storage = new DirectoryStorage(database, {
    readOnly,
    allowBackup,
    id,
    treeCache: { ...treeCache, maxSize: treeCache?.maxSize ?? DEFAULT_TREE_NODES },
  })
  return new Engine(storage, { directory: files.directory, gate, primaryKey, readOnly })
}

function ofStoreFile(
  files: StoreFiles,
  { lock, sync, engine }: DirectorySource,
  options: StorageOptions,
): StorageEngine {
  const { readOnly = false, wait = false } = options
  const primaryKey = copyOf(options.primaryKey)
  const gate = new FileInDirectory(files, {
    primaryKey,
    readOnly,
    isChosen: engine !== undefined,
    wait,
    lock,
    sync,
  })
  const storage = storageOver(gate, files.randomAccess, options)
  return new Engine(storage, { directory: files.directory, base: gate, gate, primaryKey, readOnly })
}

function ofRandomAccess({ argument, randomAccess }: MadeStorage, options: StorageOptions): StorageEngine {
  const { readOnly = false, wait = false } = options
  const guarded = new GuardedStorage(argument, randomAccess, { readOnly, wait })
  return new Engine(storageOver(guarded, null, options), {
    directory: null,
    file: guarded.file,
    base: guarded,
    gate: guarded,
    primaryKey: copyOf(options.primaryKey),
    readOnly: options.readOnly === true,
  })
}

function ofInstance(storage: CorestoreStorage, options: StorageOptions): StorageEngine {
  const directory = directoryOf(storage)
  return new Engine(options.readOnly === true ? readOnlyView(storage, () => readOnly(directory)) : storage, {
    directory,
    gate: null,
    primaryKey: copyOf(options.primaryKey),
    readOnly: options.readOnly === true || storage.readOnly,
  })
}

/** The checks before files open. */
interface Gate {
  /** From now on, nothing opens. */
  cancel(): void
}

interface EngineParts {
  readonly directory: string | null
  /** The file that a class or function has made. */
  readonly file?: string | null
  /** The storage under random-access-kv. */
  readonly base?: RandomAccessStorage | null
  /** Keeps files from opening once it is cancelled, and ends the wait for a lock; `null` for an instance. */
  readonly gate: Gate | null
  readonly primaryKey: Uint8Array | null
  readonly readOnly: boolean
}

class Engine implements StorageEngine {
  readonly storage: CorestoreStorage
  readonly directory: string | null
  readonly readOnly: boolean
  readonly sync: Sync
  readonly continuity: Continuity
  readonly #gate: EngineParts['gate']
  readonly #wantedKey: Uint8Array | null
  #opening: Promise<Uint8Array> | null = null
  #closing: Promise<void> | null = null

  constructor(
    storage: CorestoreStorage,
    { directory, file = null, base = null, gate, primaryKey, readOnly }: EngineParts,
  ) {
    this.storage = storage
    this.directory = directory
    this.readOnly = readOnly
    this.sync = syncOf(storage, readOnly ? base : null)
    this.continuity = new Continuity(storage, placeFile(storage, file))
    this.#gate = gate
    this.#wantedKey = primaryKey
  }

  get engine(): EngineName {
    return this.storage.rocks instanceof RandomAccessDatabase ? 'random-access' : 'rocksdb'
  }

  async open(): Promise<void> {
    await this.primaryKey()
  }

  async primaryKey(): Promise<Uint8Array> {
    if (this.#closing !== null) throw storageClosed(this.directory)
    this.#opening ??= this.#open()
    return this.#opening
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #open(): Promise<Uint8Array> {
    try {
      await this.storage.ready()
      const key = await this.#settleKey()
      if (this.storage instanceof DirectoryStorage) await this.storage.takeOverCores()
      return key
    } catch (error) {
      throw toStorageError(await explainOpening(error, this.storage), this.directory)
    }
  }

  async #settleKey(): Promise<Uint8Array> {
    const { storage, directory, readOnly } = this
    const wanted = this.#wantedKey
    const stored = await storage.getSeed()
    expectSameKey(stored, wanted, directory)
    const key =
      stored ??
      (readOnly ? wanted : await storage.setSeed(wanted ?? crypto.randomBytes(32), { overwrite: false }))
    if (key !== null) return key
    throw new StorageError(
      'STORAGE_NO_STORE',
      `${nameOf(directory)} has no primary key, and a read-only storage makes none: ` +
        'give primaryKey, or open it for writing first',
      directory,
    )
  }

  async #close(): Promise<void> {
    // Closing a RocksDB that has never been opened would open it first: the gate refuses that from now on.
    this.#gate?.cancel()
    await this.#opening?.catch(() => {})
    // Leaves no key in memory.
    this.#opening = null
    this.#wantedKey?.fill(0)
    try {
      await this.storage.close()
    } catch (error) {
      // `close` of hypercore-storage stops at the first step that fails, and the database under it has the lock.
      await this.storage.rocks.close().catch(() => {}) // the first failure says why
      // A storage that did not open holds nothing, and cannot be closed. `open` has reported why.
      if (this.storage.opened) throw toStorageError(error, this.directory)
    }
  }
}

/** Returns the file that identifies the place of a storage; `null` if there is none. */
function placeFile({ rocks }: CorestoreStorage, made: string | null): PlaceFile | null {
  if (made !== null) return { path: made, isConstant: false }
  if (!(rocks instanceof RandomAccessDatabase)) {
    // RocksDB creates this file with the database.
    return { path: join(rocks.path, 'IDENTITY'), isConstant: true }
  }
  return rocks.path.includes('\0') ? null : { path: rocks.path, isConstant: false }
}

function copyOf(key: Uint8Array | null | undefined): Uint8Array | null {
  return key ? Uint8Array.from(key) : null
}

function readOnly(directory: string | null): StorageError {
  return new StorageError(
    'READ_ONLY',
    'The store is read-only: open the storage without readOnly to write',
    directory,
  )
}
