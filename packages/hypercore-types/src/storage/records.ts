// The records that hypercore-storage 3 stores. core-storage.ts and corestore-storage.ts read and write them;
// hypercore-storage encodes them (encoding/spec).

import type { Bytes } from '../bytes/bytes.js'
import type { StoredKeyPair } from '../key-pair.js'
import type { Manifest } from '../manifest.js'

/** The name of a core, and the namespace of the name. */
export interface Alias {
  name: string
  /** 32 bytes. */
  namespace: Uint8Array
}

/** Where the records of a core are. */
export interface CorePointer {
  /** The version of the format of the core's records. Older formats are migrated when the core opens. */
  version: number
  /** The number by which the core's own records are found. */
  corePointer: number
  /** The number by which the core's blocks, tree and bitfield are found. */
  dataPointer: number
  /** The name of the core; `null` if it has none. */
  alias: Alias | null
}

/** Blocks that a core reads from another set of records: those below `length`. */
export interface CoreDependency {
  dataPointer: number
  /** In blocks. */
  length: number
}

/** Where an open core's records are. */
export interface OpenCorePointer {
  corePointer: number
  dataPointer: number
  dependencies: CoreDependency[]
}

/** The keys and the manifest of a core. */
export interface CoreAuth {
  /** 32 bytes. */
  key: Bytes
  /** 32 bytes. */
  discoveryKey: Bytes
  /** `null` until it has arrived from a peer. */
  manifest: Manifest | null
  /** `null` if this store cannot write the core. */
  keyPair: StoredKeyPair | null
  /** 32 bytes; kept for older versions. */
  encryptionKey: Uint8Array | null
}

/** The newest signed state of a core. */
export interface CoreHead {
  /** How many times it has been truncated. */
  fork: number
  /** In blocks. */
  length: number
  /** 32 bytes: the tree hash at that length. */
  rootHash: Uint8Array | null
  /** The signature, or signatures, over it. */
  signature: Uint8Array | null
  /** When it was written, in milliseconds since 1970. */
  timestamp: number
}

/** Values that a core stores so that it need not compute them. */
export interface CoreHints {
  /** How many blocks in a row are stored, from the first one on. */
  contiguousLength: number
  /** The greatest contiguous length of any peer. */
  remoteContiguousLength: number
  /** When the database was repaired, so that peers may have more blocks, in milliseconds since 1970; 0 if they do not. */
  recovering: number
}

/** A group of cores. Watchers of the group are notified when one of its cores changes. */
export interface CoreGroup {
  /** 32 bytes: the topic. */
  key: Uint8Array
  /** Number of the group's records. */
  pointer: number
}

/** A named session, stored next to the core that it branched off. */
export interface StoredSession {
  name: string
  dataPointer: number
}

/** A node of the Merkle tree over a core's blocks. */
export interface TreeNode {
  /** The number of the node in the flat tree. The number of a leaf is twice the number of its block. */
  index: number
  /** The total size of the blocks below it, in bytes. */
  size: number
  /** 32 bytes. */
  hash: Uint8Array
}

/** The information about a core that can be read without opening it. */
export interface CoreInfo {
  /** 32 bytes. */
  discoveryKey: Bytes
  core: CorePointer
  /** `null` if not requested. */
  auth: CoreAuth | null
  /** `null` if not requested, or if the core is empty. */
  head: CoreHead | null
  /** `null` if not requested, or if none are stored. */
  hints: CoreHints | null
}
