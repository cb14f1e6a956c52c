// The storage of one open core (hypercore-storage's `HypercoreStorage`): reads and writes as two mirrored
// batches, snapshots, sessions and atoms. The storage of all cores lives in corestore-storage.ts.

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

/** Which records a stream gives. Numbers are those of blocks, pages or tree nodes; both ends may be left open. */
export interface RecordRange {
  gt?: number | undefined
  gte?: number | undefined
  lt?: number | undefined
  lte?: number | undefined
  /** Last one first, where the stream can do that (blocks and marks). Default: `false`. */
  reverse?: boolean | undefined
}

/** Which keys a stream gives; `lt` is exclusive. */
export interface KeyRange<Key> {
  gte?: Key | undefined
  lt?: Key | undefined
}

/**
 * A batch of reads of one core: ask for all you need, call `tryFlush`, then wait for the answers. Before
 * `tryFlush` nothing is read and nothing is answered.
 */
export interface CoreReadBatch {
  getAuth(): Promise<CoreAuth | null>
  getHead(): Promise<CoreHead | null>
  getHints(): Promise<CoreHints | null>
  getGroup(): Promise<CoreGroup | null>
  getSessions(): Promise<StoredSession[] | null>
  getDependency(): Promise<CoreDependency | null>
  /** The stored bytes of a block, encrypted if the core is; `null` if it is not here. */
  getBlock(index: number): Promise<Uint8Array | null>
  /** 4096 bytes: which of 32,768 blocks are here; `null` if none of them is. */
  getBitfieldPage(index: number): Promise<Uint8Array | null>
  getTreeNode(index: number): Promise<TreeNode | null>
  hasTreeNode(index: number): Promise<boolean>
  getUserData(key: string): Promise<Uint8Array | null>
  getMark(index: number): Promise<Uint8Array | null>
  getLocal(key: Uint8Array): Promise<Uint8Array | null>
  /** Runs the reads. The batch is used up. */
  tryFlush(): void
  /** Drops the reads. */
  destroy(): void
}

/** A batch of writes of one core: nothing is written before `flush`, and then all of it or none. */
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
  /** Writes all of it; `false` where it went into an atom and not to the disk yet. The batch is used up. */
  flush(): Promise<boolean>
}

/** Changes of many cores that are written together. Make sessions with it, change them, then flush. */
export interface StorageAtom {
  readonly flushing: boolean
  /** Runs `listener` right before the changes are written. */
  preflush(listener: () => void): void
  /** Runs `listener` after the changes have been written. */
  onflush(listener: () => unknown): void
  /** Writes the changes of all sessions made with it; all or none. */
  flush(): Promise<void>
  /** Waits for a flush that is under way. */
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
  /** The same records as they are now, whatever is written later. Close it. */
  snapshot(): CoreStorage
  createAtom(): StorageAtom
  /** The same records with the changes of an atom. */
  atomize(atom: StorageAtom): CoreStorage
  /** The named session of that name; `null` if there is none. */
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
  /** Gives the space of what was deleted back to the disk. */
  compact(): Promise<unknown>
  close(): Promise<void>
}
