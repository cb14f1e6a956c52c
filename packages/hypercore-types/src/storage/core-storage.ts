// The storage of one open core (hypercore-storage's `HypercoreStorage`): reads and writes as two mirrored
// batches, snapshots, sessions and atoms. corestore-storage.ts has the storage of all cores.

import type { ReadStream } from '../stream.js'
import type { CorestoreStorage } from './corestore-storage.js'
import type {
  CoreAuth,
  CoreDependency,
  CoreGroup,
  CoreHead,
  CoreHints,
  OpenCorePointer,
  StoredSession,
  TreeNode,
} from './records.js'

/** The range of a stream of records. Numbers are those of blocks, pages or tree nodes. Both ends are optional. */
export interface RecordRange {
  gt?: number | undefined
  gte?: number | undefined
  lt?: number | undefined
  lte?: number | undefined
  /** Last one first, for streams of blocks and marks. Default: `false`. */
  reverse?: boolean | undefined
}

/** The range of a stream of keys. `lt` is exclusive. */
export interface KeyRange<Key> {
  gte?: Key | undefined
  lt?: Key | undefined
}

/**
 * A batch of reads of one core. Call all reads, then `tryFlush`, then wait for the promises. Nothing is read before
 * `tryFlush`.
 */
export interface CoreReadBatch {
  getAuth(): Promise<CoreAuth | null>
  getHead(): Promise<CoreHead | null>
  getHints(): Promise<CoreHints | null>
  getGroup(): Promise<CoreGroup | null>
  getSessions(): Promise<StoredSession[] | null>
  getDependency(): Promise<CoreDependency | null>
  /** Resolves with the stored bytes of a block, encrypted if the core is; `null` if it is not stored. */
  getBlock(index: number): Promise<Uint8Array | null>
  /** Resolves with 4096 bytes that say which of 32,768 blocks are stored; `null` if none of them is. */
  getBitfieldPage(index: number): Promise<Uint8Array | null>
  getTreeNode(index: number): Promise<TreeNode | null>
  hasTreeNode(index: number): Promise<boolean>
  getUserData(key: string): Promise<Uint8Array | null>
  getMark(index: number): Promise<Uint8Array | null>
  getLocal(key: Uint8Array): Promise<Uint8Array | null>
  /** Runs the reads. The batch cannot be used again. */
  tryFlush(): void
  /** Drops the reads. */
  destroy(): void
}

/** A batch of writes of one core. Nothing is written before `flush`, which writes all or none. */
export interface CoreWriteBatch {
  setAuth(auth: Partial<CoreAuth> & Pick<CoreAuth, 'key' | 'discoveryKey'>): void
  setHead(head: CoreHead): void
  deleteHead(): void
  setHints(hints: CoreHints): void
  setGroup(group: CoreGroup): void
  deleteGroup(): void
  setSessions(sessions: StoredSession[]): void
  setDependency(dependency: CoreDependency): void
  putBlock(index: number, block: Uint8Array): void
  deleteBlock(index: number): void
  /** `end` is exclusive; -1 for no end. The same holds for the other ranges by number. */
  deleteBlockRange(start: number, end: number): void
  putBitfieldPage(index: number, page: Uint8Array): void
  deleteBitfieldPage(index: number): void
  deleteBitfieldPageRange(start: number, end: number): void
  putTreeNode(node: TreeNode): void
  deleteTreeNode(index: number): void
  deleteTreeNodeRange(start: number, end: number): void
  putUserData(key: string, value: Uint8Array | string): void
  deleteUserData(key: string): void
  putMark(index: number, page: Uint8Array): void
  deleteMark(index: number): void
  deleteMarkRange(start: number, end: number): void
  putLocal(key: Uint8Array, value: Uint8Array): void
  deleteLocal(key: Uint8Array): void
  /** `end` is exclusive; `null` for no end. */
  deleteLocalRange(start: Uint8Array, end: Uint8Array | null): void
  /** `timestamp` in milliseconds since 1970; `key` is the core's, 32 bytes. */
  putGroupUpdate(group: number, timestamp: number, key: Uint8Array): void
  deleteGroupUpdate(group: number, timestamp: number): void
  /** Writes the batch, which cannot be used again. Resolves with `false` if the writes went into an atom and are not on the disk yet. */
  flush(): Promise<boolean>
}

/** Changes of many cores that are written together. Create sessions with it, change them, then flush. */
export interface StorageAtom {
  readonly flushing: boolean
  /** Runs `listener` right before the changes are written. */
  preflush(listener: () => void): void
  /** Runs `listener` after the changes have been written. */
  onflush(listener: () => unknown): void
  /** Writes the changes of all its sessions: all or none. */
  flush(): Promise<void>
  /** Waits for a running flush. */
  flushed(): Promise<void>
}

/** The storage of one open core, or of a session of it. */
export interface CoreStorage {
  /** The storage it is part of. */
  readonly store: CorestoreStorage
  readonly core: OpenCorePointer
  readonly atom: StorageAtom | null
  readonly readOnly: boolean
  readonly snapshotted: boolean
  readonly dependencies: CoreDependency[]
  read(): CoreReadBatch
  write(): CoreWriteBatch
  /** Returns the records as they are now; later writes are not visible. It must be closed. */
  snapshot(): CoreStorage
  createAtom(): StorageAtom
  /** Returns the same records with the changes of an atom. */
  atomize(atom: StorageAtom): CoreStorage
  /** Resolves with the named session of that name; `null` if there is none. */
  resumeSession(name: string | null): Promise<CoreStorage | null>
  createSession(name: string | null, head: CoreHead | null): Promise<CoreStorage>
  createAtomicSession(atom: StorageAtom, head: CoreHead | null): Promise<CoreStorage>
  /** Removes the records of all named sessions. */
  deleteSessions(): Promise<void>
  createBlockStream(range?: RecordRange): ReadStream<{ index: number; value: Uint8Array }>
  createTreeNodeStream(range?: RecordRange): ReadStream<TreeNode>
  createBitfieldStream(range?: RecordRange): ReadStream<{ index: number; page: Uint8Array }>
  createMarkStream(range?: RecordRange): ReadStream<{ index: number; page: Uint8Array }>
  createUserDataStream(range?: KeyRange<string>): ReadStream<{ key: string; value: Uint8Array }>
  createLocalStream(range?: KeyRange<Uint8Array>): ReadStream<{ key: Uint8Array; value: Uint8Array }>
  /** Frees the disk space of deleted records. */
  compact(): Promise<unknown>
  close(): Promise<void>
}
