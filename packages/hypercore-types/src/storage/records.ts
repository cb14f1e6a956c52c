// What hypercore-storage 3 keeps, record by record. Who reads and writes them lives in core-storage.ts and
// corestore-storage.ts; their encoding is hypercore-storage's (encoding/spec).

import type { Bytes } from '../bytes/bytes.js'
import type { StoredKeyPair } from '../key-pair.js'
import type { Manifest } from '../manifest.js'

/** The name of a core: what it was called, in which namespace. */
export interface Alias {
  name: string
  /** 32 bytes. */
  namespace: Uint8Array
}

/** Where the records of a core are. */
export interface CorePointer {
  /** The format that the core's records have; older ones are migrated when the core opens. */
  version: number
  /** Number of the core's own records. */
  corePointer: number
  /** Number of the core's blocks, tree and bitfield. */
  dataPointer: number
  /** The name of the core, `null` if it has none. */
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

/** Who a core is. */
export interface CoreAuth {
  /** 32 bytes. */
  key: Bytes
  /** 32 bytes. */
  discoveryKey: Bytes
  /** `null` until a peer has told it. */
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
  /** When it was written: milliseconds since 1970. */
  timestamp: number
}

/** What a core remembers so that it need not look. */
export interface CoreHints {
  /** From the first block on, how many blocks in a row are here. */
  contiguousLength: number
  /** The same, of the peer that has most. */
  remoteContiguousLength: number
  /** When the database had to be repaired and peers may have more: milliseconds since 1970; 0 if they do not. */
  recovering: number
}

/** A group of cores that whoever watches it hears of. */
export interface CoreGroup {
  /** 32 bytes: the topic. */
  key: Uint8Array
  /** Number of the group's records. */
  pointer: number
}

/** A named session, kept beside the core it branched off. */
export interface StoredSession {
  name: string
  dataPointer: number
}

/** A node of the Merkle tree over a core's blocks. */
export interface TreeNode {
  /** Number of the node in the flat tree: twice the number of the block for a leaf. */
  index: number
  /** How many bytes of blocks are below it. */
  size: number
  /** 32 bytes. */
  hash: Uint8Array
}

/** What a store knows of a core without opening it. */
export interface CoreInfo {
  /** 32 bytes. */
  discoveryKey: Bytes
  core: CorePointer
  /** `null` if not asked for. */
  auth: CoreAuth | null
  /** `null` if not asked for, or the core is empty. */
  head: CoreHead | null
  /** `null` if not asked for, or nothing is known. */
  hints: CoreHints | null
}
