// The storage of all cores of a store (hypercore-storage's `CorestoreStorage`, its default export). core-storage.ts has
// the storage of one core, and records.ts the records.

import type { Bytes } from '../bytes/bytes.js'
import type { KeyPair } from '../key-pair.js'
import type { Manifest } from '../manifest.js'
import type { ReadStream } from '../stream.js'
import type { CoreStorage, StorageAtom } from './core-storage.js'
import type { StorageDatabase } from './database.js'
import type { Alias, CoreAuth, CoreGroup, CoreInfo, CorePointer } from './records.js'

/** Options of `suspend`. */
export interface SuspendOptions {
  /** Called with a message for each step. */
  log?: ((message: string) => unknown) | undefined
}

/** Which records of a core `getInfo` reads. Default: all. */
export interface CoreInfoOptions {
  auth?: boolean | undefined
  head?: boolean | undefined
  hints?: boolean | undefined
}

/** The records that a core is created with. */
export interface CreateCoreRecord {
  /** 32 bytes. */
  key: Uint8Array
  /** 32 bytes. */
  discoveryKey: Uint8Array
  manifest?: Manifest | null | undefined
  keyPair?: KeyPair | null | undefined
  /** Default: the core has no name. */
  alias?: Alias | null | undefined
  userData?: Iterable<{ readonly key: string; readonly value: Uint8Array | string }> | undefined
  /** Records that the core shares with another core. Default: its own records. */
  core?: Pick<CorePointer, 'corePointer' | 'dataPointer'> | undefined
}

/** Statistics of the cache. */
export interface StorageStats {
  /** How many reads of tree nodes were answered from memory (`hits`), and how many were not (`misses`). */
  readonly treeCache: { hits: number; misses: number; parallel: number; skips: number }
}

/** The storage of all cores of a store. All methods wait for `ready` automatically. */
export interface CorestoreStorage {
  /** The directory. If a database was passed in, it is the directory above that of the database. */
  readonly path: string
  readonly id: string | null
  readonly readOnly: boolean
  /** Whether copies of the directory may be opened. */
  readonly allowBackup: boolean
  readonly opened: boolean
  readonly closed: boolean
  readonly stats: StorageStats
  /** The database: RocksDB, or the one that was passed in. */
  readonly rocks: StorageDatabase
  /** The part of the database that holds the cores: its column family. */
  readonly db: StorageDatabase
  /** Called with the discovery key each time a stored core is looked up to be opened. */
  onresume: ((discoveryKey: Uint8Array) => void) | null

  /** Opens the database and migrates an older format. */
  ready(): Promise<void>
  /** Closes the database. */
  close(): Promise<void>
  /** Stops using the disk until `resume`, as a phone requires of an app in the background. */
  suspend(options?: SuspendOptions): Promise<void>
  resume(): Promise<void>
  /** Forces all writes to the disk. */
  flush(): Promise<void>
  /** Frees the disk space of deleted records. */
  compact(): Promise<unknown>
  /** Repairs records that earlier versions wrote incorrectly. */
  audit(): Promise<void>
  /** Removes everything. */
  clear(): Promise<void>

  /** Resolves with the primary key, 32 bytes; `null` if none has been set. */
  getSeed(): Promise<Bytes | null>
  /** Sets the primary key (32 bytes), and resolves with the key that is now stored. With `overwrite: false`, an existing key is kept. */
  setSeed(seed: Uint8Array, options?: { overwrite?: boolean | undefined }): Promise<Uint8Array>
  /** Resolves with the discovery key of the first core that was created; `null` if there is none. */
  getDefaultDiscoveryKey(): Promise<Uint8Array | null>
  setDefaultDiscoveryKey(
    discoveryKey: Uint8Array,
    options?: { overwrite?: boolean | undefined },
  ): Promise<Uint8Array>

  /** Resolves with the discovery key of the core of that name; `null` if there is none. */
  getAlias(alias: Alias): Promise<Uint8Array | null>
  /** Resolves with whether the core is stored. With `ifMigrated`, it must also be in the current format. */
  hasCore(discoveryKey: Uint8Array, options?: { ifMigrated?: boolean | undefined }): Promise<boolean>
  /** Resolves with the keys and the manifest of the core; `null` if it is not stored. */
  getAuth(discoveryKey: Uint8Array): Promise<CoreAuth | null>
  /** Resolves with the stored information about the core; `null` if it is not stored. */
  getInfo(discoveryKey: Uint8Array, options?: CoreInfoOptions): Promise<CoreInfo | null>
  /** Resolves with the same for many cores, in the order of `discoveryKeys`; `null` for each core that is not stored. */
  getInfos(discoveryKeys: readonly Uint8Array[], options?: CoreInfoOptions): Promise<(CoreInfo | null)[]>

  /** Creates a core, or opens the stored one. */
  createCore(core: CreateCoreRecord): Promise<CoreStorage>
  /** Opens a stored core; without a discovery key, the default one. Resolves with `null` if it is not stored. */
  resumeCore(discoveryKey?: Uint8Array | null): Promise<CoreStorage | null>
  /**
   * Removes a core's records, with its blocks and those of its named sessions. Its name (alias) and its entries in a group
   * stay. If Corestore 7 made a static copy that shares these records, the copy loses its blocks.
   */
  deleteCore(core: Pick<CorePointer, 'corePointer' | 'dataPointer'>): Promise<void>

  /** Returns a stream of every stored core, in the order of the discovery keys. */
  createCoreStream(): ReadStream<{ discoveryKey: Bytes; core: CorePointer }>
  /** Returns a stream of the discovery keys of all stored cores, or of the named cores of a namespace (32 bytes). */
  createDiscoveryKeyStream(namespace?: Uint8Array): ReadStream<Bytes>
  /** Returns a stream of all named cores, or those of a namespace (32 bytes), in the order of namespace and name. */
  createAliasStream(namespace?: Uint8Array): ReadStream<{ alias: Alias; discoveryKey: Bytes }>

  /** Resolves with the number of the group with that topic (32 bytes); `null` if no core is in it. */
  getGroup(topic: Uint8Array): Promise<number | null>
  createGroup(topic: Uint8Array): Promise<CoreGroup>
  /** Returns a stream of the keys of a group's cores by the time of their changes, newest first. `since`: milliseconds since 1970. */
  createGroupUpdateStream(
    group: number,
    options?: { since?: number | undefined; reverse?: boolean | undefined },
  ): ReadStream<Bytes>

  /** Returns an atom, whose changes of many cores are written together. */
  createAtom(): StorageAtom
}

/** Options of a {@link CorestoreStorage}. Options of RocksDB are passed on to RocksDB. */
export interface CorestoreStorageOptions {
  /** Names the device, so that a copy of the directory on another device is detected. */
  id?: string | null | undefined
  /** Whether to write nothing. Default: `false`. */
  readOnly?: boolean | undefined
  /** Whether a copy of the directory may be opened. The directory is then not locked. Default: `false`. */
  allowBackup?: boolean | undefined
  /** Whether to wait for another process that has the directory open, instead of failing. Default: `false`. */
  wait?: boolean | undefined
  /** The maximum number of tree nodes in memory. Default: 8192. */
  treeCache?: { maxSize: number } | undefined
  onresume?: ((discoveryKey: Uint8Array) => void) | undefined
  /** How many bytes are collected in memory before they are written to a table. Default: 64 MiB. */
  writeBufferSize?: number | undefined
  /** The size of a file of large values, in bytes. Default: 256 MiB. */
  blobFileSize?: number | undefined
}

/** The class that `hypercore-storage` exports. */
export interface CorestoreStorageConstructor {
  /** `storage`: a directory, or a database with RocksDB's session API. */
  new (storage: string | StorageDatabase, options?: CorestoreStorageOptions): CorestoreStorage
  /** Returns a storage unchanged. Anything else is passed to the constructor. */
  from(storage: string | StorageDatabase | CorestoreStorage): CorestoreStorage
  isCoreStorage(value: unknown): value is CorestoreStorage
}
