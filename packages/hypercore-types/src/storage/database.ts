// The database beneath hypercore-storage: the part of RocksDB's session API (rocksdb-native) that it calls, and so what
// another engine must offer to take RocksDB's place. What is kept in it lives in records.ts.

/** A key and its value. */
export interface DatabaseEntry {
  key: Uint8Array
  value: Uint8Array
}

/** Options of a batch. */
export interface DatabaseBatchOptions {
  /** Whether the batch is used up once it has been flushed, and need not be destroyed. Default: `false`. */
  autoDestroy?: boolean | undefined
}

/** Reads that run together: ask, call `tryFlush`, then wait for the answers. */
export interface DatabaseReadBatch {
  /** `null` if the key is not there. */
  get(key: Uint8Array): Promise<Uint8Array | null>
  tryFlush(): void
  destroy(): void
}

/** Writes that happen together: all or none. */
export interface DatabaseWriteBatch {
  tryPut(key: Uint8Array, value: Uint8Array): void
  tryDelete(key: Uint8Array): void
  /** `end` is exclusive. */
  tryDeleteRange(start: Uint8Array, end: Uint8Array): void
  flush(): Promise<unknown>
  destroy(): void
}

/** Which keys an iterator gives, in the order of their bytes (unsigned). */
export interface DatabaseRange {
  gt?: Uint8Array | undefined
  gte?: Uint8Array | undefined
  lt?: Uint8Array | undefined
  lte?: Uint8Array | undefined
  /** Last one first. Default: `false`. */
  reverse?: boolean | undefined
  /** How many at most; -1 for no limit. Default: -1. */
  limit?: number | undefined
}

/** A session of an ordered key-value store. Keys and values are bytes. */
export interface StorageDatabase {
  /** The directory; a storage of cores takes the one above it for its own. */
  readonly path: string
  readonly opened: boolean
  readonly closed: boolean
  readonly snapshotted: boolean
  ready(): Promise<void>
  /** Closes this session, and the store if it is the first one. */
  close(): Promise<void>
  /** Another session; with `snapshot`, one that shows what is stored now. */
  session(options?: { snapshot?: boolean | undefined }): StorageDatabase
  snapshot(): StorageDatabase
  /** A session with keys of its own. `family` names it, or is RocksDB's description of it. */
  columnFamily(family: string | object): StorageDatabase
  read(options?: DatabaseBatchOptions): DatabaseReadBatch
  write(options?: DatabaseBatchOptions): DatabaseWriteBatch
  /** A streamx `Readable` of entries. */
  iterator(range?: DatabaseRange): AsyncIterable<DatabaseEntry>
  /** Forces to the disk what has been written. */
  flush(): Promise<unknown>
  /** Gives the space of what was deleted back to the disk. */
  compactRange(start?: Uint8Array | null, end?: Uint8Array | null): Promise<void>
  /** Stops using the disk until `resume`. */
  suspend(): Promise<void>
  resume(): Promise<void>
}
