// Types of the untyped packages that only this package uses, as far as it uses them.

declare module 'rocksdb-native' {
  import type { DatabaseEntry, DatabaseRange, StorageDatabase } from '@coreyard/hypercore-types'
  import type { Readable } from 'streamx'

  export interface RocksLock {
    /** Called before the database opens, which waits for it and fails with it. */
    ready(): Promise<void>
    /** Hands over the file descriptor of the lock, which RocksDB then closes, also if it cannot open; -1 for none. */
    transfer(): number
    /** Called after the database has closed. */
    close(): Promise<void>
  }

  interface RocksDB extends StorageDatabase {}
  class RocksDB {
    constructor(
      path: string,
      options?: { readOnly?: boolean | undefined; lock?: RocksLock | null | undefined },
    )
    /** What all sessions of a database share. */
    readonly _state: { readonly closing: Promise<void> | null }
    /** Whether closing this session closes the database. */
    isRoot(): boolean
    iterator(range?: DatabaseRange): Readable & AsyncIterable<DatabaseEntry>
  }
  export default RocksDB
}

declare module 'device-file' {
  class DeviceFile {
    constructor(
      path: string,
      options?: {
        /** Make the file if it is not there. Default: `true`. */
        create?: boolean | undefined
        lock?: boolean | undefined
        wait?: boolean | undefined
        data?: { readonly [name: string]: string | null } | undefined
      },
    )
    /** The lock on the file; after a failed `ready` it is still to be closed. */
    readonly lock: { close(): Promise<void> } | null
    ready(): Promise<void>
    transfer(): number
    close(): Promise<void>
  }
  export default DeviceFile
}

declare module 'fd-lock' {
  class FDLock {
    /** Takes over the file descriptor, and closes it if `ready` fails. */
    constructor(fd: number, options?: { wait?: boolean | undefined })
    ready(): Promise<void>
    close(): Promise<void>
  }
  export default FDLock
}

declare module 'queue-tick' {
  /** `process.nextTick`; `queueMicrotask` where there is none. */
  const queueTick: (task: () => void) => void
  export default queueTick
}

declare module 'flat-tree' {
  const flat: {
    /** The roots of a tree over the leaves below this number, which is even. */
    fullRoots(index: number): number[]
    /** The two below a node that is no leaf. */
    children(index: number): [left: number, right: number]
    /** The first and the last of all that are below a node. */
    spans(index: number): [first: number, last: number]
  }
  export default flat
}

declare module 'hypercore-storage/encoding/spec/hyperschema/index.js' {
  import type { CoreHints, CorePointer } from '@coreyard/hypercore-types'

  interface StoreHead {
    readonly version: number
    /** How many of each have been made. */
    readonly cores: number
    readonly datas: number
    readonly groups: number
    readonly seed: Uint8Array | null
    readonly defaultDiscoveryKey: Uint8Array | null
  }

  const schema: {
    encode(record: '@corestore/core', core: CorePointer): Uint8Array
    encode(record: '@core/hints', hints: CoreHints): Uint8Array
    decode(record: '@corestore/head', value: Uint8Array): StoreHead
    decode(record: '@corestore/core', value: Uint8Array): CorePointer
    decode(record: '@core/hints', value: Uint8Array): CoreHints
  }
  export default schema
}

declare module 'hypercore-storage/lib/keys.js' {
  import type { Alias } from '@coreyard/hypercore-types'

  // Keys of records; a range ends before the key of the next number.
  const keys: {
    readonly store: {
      head(): Uint8Array
      coreStart(): Uint8Array
      discoveryKey(key: Uint8Array): Uint8Array
      core(discoveryKey: Uint8Array): Uint8Array
      coreByAlias(alias: Alias): Uint8Array
    }
    readonly core: {
      core(corePointer: number): Uint8Array
      data(dataPointer: number): Uint8Array
      hints(dataPointer: number): Uint8Array
    }
    readonly group: {
      entry(group: number, timestamp: number, corePointer: number): Uint8Array
    }
  }
  export default keys
}

declare module 'index-encoder' {
  const encodings: {
    /** Numbers in keys, such that the order of the keys is that of the numbers. */
    readonly UINT: {
      decode(state: { start: number; end: number; readonly buffer: Uint8Array }): number
    }
  }
  export default encodings
}
