// RocksDB as hypercore-storage gets it for a directory. A write that fails says why, as everything else of the storage does:
// the native one only says that it was not applied, and its errors come up through Hypercore as they are.
import { dirname } from 'node:path'
import type { DatabaseWriteBatch } from '@coreyard/hypercore-types'
import RocksDB from 'rocksdb-native'
import { toStorageError } from './recognise.js'

/** A database in a directory's `db`; opens, by itself, when it is first needed. */
export class NativeDatabase extends RocksDB {
  override session(options?: Parameters<RocksDB['session']>[0]): NativeDatabase {
    // RocksDB makes its own: snapshots and column families, too, come from here.
    return Object.setPrototypeOf(super.session(options), NativeDatabase.prototype)
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
