// RocksDB, as far as tests use it.

declare module 'rocksdb-native' {
  import type { RocksLock, RocksStream } from '@coreyard/hypercore-port/storage'
  import type { DatabaseRange, StorageDatabase } from '@coreyard/hypercore-types'

  interface RocksDB extends StorageDatabase {}
  class RocksDB {
    constructor(
      path: string,
      options?: { readOnly?: boolean | undefined; lock?: RocksLock | null | undefined },
    )
    iterator(range?: DatabaseRange): RocksStream
  }
  export default RocksDB
}
