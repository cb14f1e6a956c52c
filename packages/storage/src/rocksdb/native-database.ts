// RocksDB as hypercore-storage gets it for a directory. A write that fails says why, as everything else of the storage does:
// the native one only says that it was not applied, and its errors come up through Hypercore as they are. And closing ends the
// streams that are open, for which the native one would wait.
import { dirname } from 'node:path'
import type { DatabaseRange, DatabaseWriteBatch } from '@coreyard/hypercore-types'
import RocksDB from 'rocksdb-native'
import type { Readable } from 'streamx'
import { endStream } from '../database/end-stream.js'
import { toStorageError } from '../errors/to-storage-error.js'

/** By what the sessions of a database share, its open streams. Not a field: sessions are not made by the constructor. */
const openStreams = new WeakMap<object, Set<Readable>>()

/** A database in a directory's `db`; opens, by itself, when it is first needed. */
export class NativeDatabase extends RocksDB {
  override session(options?: Parameters<RocksDB['session']>[0]): NativeDatabase {
    // RocksDB makes its own: snapshots and column families, too, come from here.
    return Object.setPrototypeOf(super.session(options), NativeDatabase.prototype)
  }

  override iterator(range?: DatabaseRange): ReturnType<RocksDB['iterator']> {
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

  override write(options?: Parameters<RocksDB['write']>[0]): DatabaseWriteBatch {
    const batch = super.write(options)
    const { flush }: DatabaseWriteBatch = Object.getPrototypeOf(batch) // a batch may have been here before
    batch.flush = async () => {
      try {
        await flush.call(batch)
      } catch (error) {
        throw toStorageError(error, dirname(this.path))
      }
    }
    return batch
  }
}
