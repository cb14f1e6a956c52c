// Types of the untyped packages that only the packages of this repository use, as far as this one uses them.

declare module 'fd-lock' {
  class FDLock {
    /** Takes over the file descriptor, and closes it if `ready` fails. */
    constructor(fd: number, options?: { wait?: boolean | undefined })
    ready(): Promise<void>
    close(): Promise<void>
  }
  export default FDLock
}

declare module 'flat-tree' {
  const flat: {
    /** The roots of a tree over the leaves below this number, which is even. */
    fullRoots(index: number): number[]
    /** The two below a node that is no leaf. */
    children(index: number): [left: number, right: number]
    parent(index: number): number
    /** The last of all that are below a node. */
    rightSpan(index: number): number
  }
  export default flat
}

declare module 'hypercore-storage/encoding/spec/hyperschema/index.js' {
  import type { CoreAuth, CoreHead, CoreHints, CorePointer, TreeNode } from '@coreyard/hypercore-types'

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
    encode(record: '@corestore/head', head: StoreHead): Uint8Array
    encode(record: '@corestore/core', core: CorePointer): Uint8Array
    encode(record: '@core/auth', auth: CoreAuth): Uint8Array
    encode(record: '@core/head', head: CoreHead): Uint8Array
    encode(record: '@core/hints', hints: CoreHints): Uint8Array
    encode(record: '@core/tree-node', node: TreeNode): Uint8Array
  }
  export default schema
}

declare module 'hypercore-storage/lib/keys.js' {
  import type { Alias } from '@coreyard/hypercore-types'

  const keys: {
    readonly store: {
      core(discoveryKey: Uint8Array): Uint8Array
      coreByAlias(alias: Alias): Uint8Array
    }
    readonly core: {
      auth(corePointer: number): Uint8Array
      head(dataPointer: number): Uint8Array
      hints(dataPointer: number): Uint8Array
      block(dataPointer: number, index: number): Uint8Array
      tree(dataPointer: number, index: number): Uint8Array
      bitfield(dataPointer: number, index: number, type: 0): Uint8Array
      userData(dataPointer: number, key: string): Uint8Array
    }
  }
  export default keys
}

declare module 'hypercore-storage/migrations/0/messages.js' {
  import type { Bytes, Manifest, TreeNode } from '@coreyard/hypercore-types'

  interface State {
    start: number
    end: number
    readonly buffer: Uint8Array
  }

  interface UserData {
    readonly key: string
    readonly value: Uint8Array | null
  }

  export interface OplogHeader {
    /** Where the header is in the file `header`; nothing else is set then. */
    readonly external: { readonly start: number; readonly length: number } | null
    readonly key: Uint8Array
    readonly manifest: Manifest | null
    readonly keyPair: { readonly publicKey: Bytes | null; readonly secretKey: Bytes | null } | null
    readonly userData: readonly UserData[]
    readonly tree: {
      readonly fork: number
      readonly length: number
      readonly rootHash: Uint8Array | null
      readonly signature: Uint8Array | null
    }
  }

  export interface OplogEntry {
    readonly userData: UserData | null
    readonly treeNodes: readonly TreeNode[] | null
    readonly treeUpgrade: {
      readonly fork: number
      /** How many blocks are those of before. */
      readonly ancestors: number
      readonly length: number
      readonly signature: Uint8Array | null
    } | null
    readonly bitfield: { readonly drop: boolean; readonly start: number; readonly length: number } | null
  }

  const messages: {
    readonly oplog: {
      readonly header: { decode(state: State): OplogHeader }
      readonly entry: { decode(state: State): OplogEntry }
    }
  }
  export default messages
}

declare module 'crc-universal' {
  /** The CRC-32 of zlib. */
  export function crc32(buffer: Uint8Array): number
}
