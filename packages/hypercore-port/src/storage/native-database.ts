// RocksDB as hypercore-storage gets it for a directory. rocksdb-native 3.18 says of a write that fails only that it was not applied, and
// waits for streams that are open when it closes. Its sessions share an object, `_state`, and are not made by the constructor of a
// subclass.

import type {
  DatabaseEntry,
  DatabaseRange,
  DatabaseWriteBatch,
  ReadStream,
  StorageDatabase,
} from '@coreyard/hypercore-types'
import RocksDB from 'rocksdb-native'

/** The calls that RocksDB makes instead of taking its own lock. */
export interface RocksLock {
  /** Called before the database opens. The database waits for it, and fails to open if it rejects. */
  ready(): Promise<void>
  /** Returns the file descriptor of the lock; -1 if there is none. RocksDB closes it, even if the database cannot be opened. */
  transfer(): number
  /** Called when the database has opened, or failed to: at the first `ready` of a session, at the latest when the database closes. */
  opened?(): Promise<void>
  /** Called after the database has closed. */
  close(): Promise<void>
}

export interface RocksOptions {
  readonly readOnly?: boolean | undefined
  readonly lock?: RocksLock | null | undefined
}

/** A stream of entries. */
export type RocksStream = ReadStream<DatabaseEntry>

interface RocksDatabase extends StorageDatabase {
  /** The state that all sessions of a database share. */
  readonly _state: object
  /** Whether closing this session closes the database. */
  isRoot(): boolean
  iterator(range?: DatabaseRange): RocksStream
}

type SessionOptions = Parameters<StorageDatabase['session']>[0]
type WriteOptions = Parameters<StorageDatabase['write']>[0]

const Base = RocksDB as new (path: string, options?: RocksOptions) => RocksDatabase

export interface RocksCalls {
  /** Returns the error for a write that failed in a database at `path`. */
  explainWrite(error: unknown, path: string): unknown
  /** Ends a stream that is open when its database closes. */
  endStream(stream: RocksStream): void
}

/** The class of a database in a directory. The database opens itself on first use. */
export function nativeDatabase({
  explainWrite,
  endStream,
}: RocksCalls): new (
  path: string,
  options?: RocksOptions,
) => StorageDatabase {
  /** By what the sessions of a database share, its open streams. Not a field: sessions are not made by the constructor. */
  const openStreams = new WeakMap<object, Set<RocksStream>>()
  /** By the same. */
  const locks = new WeakMap<object, RocksLock>()

  return class NativeDatabase extends Base {
    constructor(path: string, options: RocksOptions = {}) {
      super(path, options)
      if (options.lock) locks.set(this._state, options.lock)
    }

    override async ready(): Promise<void> {
      try {
        await super.ready()
      } finally {
        await locks.get(this._state)?.opened?.()
      }
    }

    override session(options?: SessionOptions): NativeDatabase {
      // RocksDB creates its sessions itself: snapshots and column families also come from here.
      return Object.setPrototypeOf(super.session(options), NativeDatabase.prototype)
    }

    override iterator(range?: DatabaseRange): RocksStream {
      const stream = super.iterator(range)
      const streams = openStreams.get(this._state) ?? new Set()
      openStreams.set(this._state, streams.add(stream))
      stream.once('close', () => streams.delete(stream))
      return stream
    }

    override close(): Promise<void> {
      if (this.isRoot()) for (const stream of openStreams.get(this._state) ?? []) endStream(stream)
      return super.close()
    }

    override write(options?: WriteOptions): DatabaseWriteBatch {
      const batch = super.write(options)
      const { flush }: DatabaseWriteBatch = Object.getPrototypeOf(batch) // a batch may have been here before
      batch.flush = async () => {
        try {
          await flush.call(batch)
        } catch (error) {
          throw explainWrite(error, this.path)
        }
      }
      return batch
    }
  }
}
