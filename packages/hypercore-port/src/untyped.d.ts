// The untyped modules that only this package imports. Their types are declared here, so that a consumer's compiler does not need them.

declare module 'hypercore-storage/encoding/spec/hyperschema/index.js' {
  const schema: unknown
  export default schema
}

declare module 'hypercore-storage/lib/keys.js' {
  const keys: unknown
  export default keys
}

declare module 'hypercore-storage/migrations/0/messages.js' {
  const messages: unknown
  export default messages
}

declare module 'rocksdb-native' {
  const RocksDB: unknown
  export default RocksDB
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

declare module 'hypercore-storage/lib/view.js' {
  class View {
    readonly changes: unknown
    static flush(changes: unknown, database: object): Promise<boolean>
  }
  export default View
}

declare module 'hypercore-storage/lib/tx.js' {
  import type View from 'hypercore-storage/lib/view.js'

  export class CorestoreTX {
    constructor(view: View)
    setHead(head: object): void
    apply(): void
  }
}
