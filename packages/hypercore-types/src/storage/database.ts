// The database under hypercore-storage: the part of RocksDB's session API (rocksdb-native) that it calls. Another engine
// must implement this part to replace RocksDB. records.ts has the stored records.

/** A key and its value. */
export interface DatabaseEntry {
  key: Uint8Array
  value: Uint8Array
}

/** Options of a batch. */
export interface DatabaseBatchOptions {
  /** Whether the batch is destroyed when it has been flushed. Default: `false`. */
  autoDestroy?: boolean | undefined
}

/** Reads that run together: call `get`, then `tryFlush`, then wait for the promises. */
export interface DatabaseReadBatch {
  /** Resolves with the value; `null` if the key is not stored. */
  get(key: Uint8Array): Promise<Uint8Array | null>
  tryFlush(): void
  destroy(): void
}

/** Writes that are applied together: all or none. */
export interface DatabaseWriteBatch {
  tryPut(key: Uint8Array, value: Uint8Array): void
  tryDelete(key: Uint8Array): void
  /** `end` is exclusive. */
  tryDeleteRange(start: Uint8Array, end: Uint8Array): void
  flush(): Promise<unknown>
  destroy(): void
}

/** The keys that an iterator yields, in the order of their bytes (unsigned). */
export interface DatabaseRange {
  gt?: Uint8Array | undefined
  gte?: Uint8Array | undefined
  lt?: Uint8Array | undefined
  lte?: Uint8Array | undefined
  /** Last one first. Default: `false`. */
  reverse?: boolean | undefined
  /** The maximum number of entries; -1 for no limit. Default: -1. */
  limit?: number | undefined
}

/** A session of an ordered key-value store. Keys and values are bytes. */
export interface StorageDatabase {
  /** The directory of the database. `CorestoreStorage` uses the directory above it. */
  readonly path: string
  readonly opened: boolean
  readonly closed: boolean
  readonly snapshotted: boolean
  ready(): Promise<void>
  /** Closes this session. Closing the first session closes the database. */
  close(): Promise<void>
  /** Returns another session; with `snapshot`, a session that shows the entries as they are now. */
  session(options?: { snapshot?: boolean | undefined }): StorageDatabase
  snapshot(): StorageDatabase
  /** Returns a session with its own keys. `family` is its name, or RocksDB's description of it. */
  columnFamily(family: string | object): StorageDatabase
  read(options?: DatabaseBatchOptions): DatabaseReadBatch
  write(options?: DatabaseBatchOptions): DatabaseWriteBatch
  /** Returns a streamx `Readable` of entries. */
  iterator(range?: DatabaseRange): AsyncIterable<DatabaseEntry>
  /** Forces all writes to the disk. */
  flush(): Promise<unknown>
  /** Frees the disk space of deleted entries. */
  compactRange(start?: Uint8Array | null, end?: Uint8Array | null): Promise<void>
  /** Stops using the disk until `resume`. */
  suspend(): Promise<void>
  resume(): Promise<void>
}
