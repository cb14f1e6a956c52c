// The storage of all cores of a store (hypercore-storage's `CorestoreStorage`, its default export). The storage of
// one core lives in core-storage.ts, what is stored in records.ts.

import type { Bytes } from '../bytes/bytes.js'
import type { KeyPair } from '../key-pair.js'
import type { Manifest } from '../manifest.js'
import type { ReadStream } from '../stream.js'
import type { CoreStorage, StorageAtom } from './core-storage.js'
import type { StorageDatabase } from './database.js'
import type { Alias, CoreAuth, CoreGroup, CoreInfo, CorePointer } from './records.js'

/** Told what goes on while a storage is suspended. */
export interface SuspendOptions {
  log?: ((message: string) => unknown) | undefined
}

/** Which records of a core `getInfo` reads; all unless `false`. */
export interface CoreInfoOptions {
  auth?: boolean | undefined
  head?: boolean | undefined
  hints?: boolean | undefined
}

/** What a core is created with. */
export interface CreateCoreRecord {
  /** 32 bytes. */
  key: Uint8Array
  /** 32 bytes. */
  discoveryKey: Uint8Array
  manifest?: Manifest | null | undefined
  keyPair?: KeyPair | null | undefined
  /** Default: the core has no name. */
  alias?: Alias | null | undefined
  userData?: readonly { key: string; value: Uint8Array | string }[] | undefined
  /** Records that the core shares with another. Default: records of its own. */
  core?: Pick<CorePointer, 'corePointer' | 'dataPointer'> | undefined
}

/** How many blocks and tree nodes were answered from memory. */
export interface StorageStats {
  readonly treeCache: { hits: number; misses: number; parallel: number; skips: number }
}

/** The storage of all cores of a store. Everything waits for `ready` by itself. */
export interface CorestoreStorage {
  /** The directory; above that of the database where one was handed in. */
  readonly path: string
  readonly id: string | null
  readonly readOnly: boolean
  /** Whether copies of the directory may be opened. */
  readonly allowBackup: boolean
  readonly opened: boolean
  readonly closed: boolean
  readonly stats: StorageStats
  /** The database: RocksDB, or what was handed in instead. */
  readonly rocks: StorageDatabase
  /** The part of the database that holds the cores: its column family. */
  readonly db: StorageDatabase
  /** Called with a discovery key whenever a core is looked up to be opened. */
  onresume: ((discoveryKey: Uint8Array) => void) | null

  /** Opens the database and brings an older format up to date. */
  ready(): Promise<void>
  /** Closes the database. */
  close(): Promise<void>
  /** Stops using the disk until `resume`, as a phone asks of an app in the background. */
  suspend(options?: SuspendOptions): Promise<void>
  resume(): Promise<void>
  /** Forces to the disk what has been written. */
  flush(): Promise<void>
  /** Gives the space of what was deleted back to the disk. */
  compact(): Promise<unknown>
  /** Mends what earlier versions wrote wrongly. */
  audit(): Promise<void>
  /** Removes everything. */
  clear(): Promise<void>

  /** 32 bytes: the primary key; `null` if none has been set. */
  getSeed(): Promise<Bytes | null>
  /** Sets the primary key, 32 bytes; the one that is set afterwards. `overwrite: false` keeps one that is there. */
  setSeed(seed: Uint8Array, options?: { overwrite?: boolean | undefined }): Promise<Uint8Array>
  /** The discovery key of the first core that was created; `null` if there is none. */
  getDefaultDiscoveryKey(): Promise<Uint8Array | null>
  setDefaultDiscoveryKey(
    discoveryKey: Uint8Array,
    options?: { overwrite?: boolean | undefined },
  ): Promise<Uint8Array>

  /** The discovery key of the core of that name; `null` if there is none. */
  getAlias(alias: Alias): Promise<Uint8Array | null>
  /** Whether the core is stored. `ifMigrated`: and no older format has to be brought up to date first. */
  hasCore(discoveryKey: Uint8Array, options?: { ifMigrated?: boolean | undefined }): Promise<boolean>
  /** Who the core is; `null` if it is not stored. */
  getAuth(discoveryKey: Uint8Array): Promise<CoreAuth | null>
  /** What is known of the core; `null` if it is not stored. */
  getInfo(discoveryKey: Uint8Array, options?: CoreInfoOptions): Promise<CoreInfo | null>
  /** What is known of many cores, in the order asked for; `null` for each that is not stored. */
  getInfos(discoveryKeys: readonly Uint8Array[], options?: CoreInfoOptions): Promise<(CoreInfo | null)[]>

  /** Creates a core, or opens the one that is there. */
  createCore(core: CreateCoreRecord): Promise<CoreStorage>
  /** Opens a stored core, the default one if no discovery key is given; `null` if it is not stored. */
  resumeCore(discoveryKey?: Uint8Array | null): Promise<CoreStorage | null>
  /**
   * Removes a core's records, with its blocks and those of its named sessions. Its name (alias) and its entries in a group
   * stay. A static copy that shares its records, as Corestore 7 makes it, loses its blocks.
   */
  deleteCore(core: Pick<CorePointer, 'corePointer' | 'dataPointer'>): Promise<void>

  /** Every stored core, by discovery key. */
  createCoreStream(): ReadStream<{ discoveryKey: Bytes; core: CorePointer }>
  /** The discovery key of every stored core, or of the named ones of a namespace (32 bytes). */
  createDiscoveryKeyStream(namespace?: Uint8Array): ReadStream<Bytes>
  /** Every named core, or those of a namespace (32 bytes), by namespace and name. */
  createAliasStream(namespace?: Uint8Array): ReadStream<{ alias: Alias; discoveryKey: Bytes }>

  /** The number of the group with that topic (32 bytes); `null` if no core is in it. */
  getGroup(topic: Uint8Array): Promise<number | null>
  createGroup(topic: Uint8Array): Promise<CoreGroup>
  /** The keys of a group's cores by when they changed; `since` in milliseconds since 1970. Newest first by default. */
  createGroupUpdateStream(
    group: number,
    options?: { since?: number | undefined; reverse?: boolean | undefined },
  ): ReadStream<Bytes>

  /** Changes of many cores that are to be written together. */
  createAtom(): StorageAtom
}

/** Options of a {@link CorestoreStorage}; what RocksDB takes is handed on to it. */
export interface CorestoreStorageOptions {
  /** Names the device, so that a copy of the directory on another one is noticed. */
  id?: string | null | undefined
  /** Nothing is written. Default: `false`. */
  readOnly?: boolean | undefined
  /** Whether a copy of the directory may be opened; it is not locked then. Default: `false`. */
  allowBackup?: boolean | undefined
  /** Whether to wait for another process that has the directory open, instead of failing. Default: `false`. */
  wait?: boolean | undefined
  /** How many tree nodes are kept in memory. Default: 8192. */
  treeCache?: { maxSize: number } | undefined
  onresume?: ((discoveryKey: Uint8Array) => void) | undefined
  /** Bytes that are gathered in memory before they are written to a table. Default: 64 MiB. */
  writeBufferSize?: number | undefined
  /** Bytes of a file of large values. Default: 256 MiB. */
  blobFileSize?: number | undefined
}

/** The class that `hypercore-storage` exports. */
export interface CorestoreStorageConstructor {
  /** `storage`: a directory, or a database with RocksDB's session API. */
  new (storage: string | StorageDatabase, options?: CorestoreStorageOptions): CorestoreStorage
  /** A storage is returned as it is; anything else is what the constructor takes. */
  from(storage: string | StorageDatabase | CorestoreStorage): CorestoreStorage
  isCoreStorage(value: unknown): value is CorestoreStorage
}
