// What a storage and all beneath it have; see members.ts.

import type {
  Alias,
  CoreAuth,
  CoreDependency,
  CoreGroup,
  CoreHead,
  CoreHints,
  CoreInfo,
  CorePointer,
  CoreReadBatch,
  CoreStorage,
  CorestoreStorage,
  CorestoreStorageConstructor,
  CoreWriteBatch,
  DatabaseEntry,
  DatabaseReadBatch,
  DatabaseWriteBatch,
  OpenCorePointer,
  ReadStream,
  StorageAtom,
  StorageDatabase,
  StoredSession,
  TreeNode,
} from '../../src/index.js'
import { emitterMembers } from './emitter-members.js'
import type { Members } from './members.js'

export const storageMembers: Members<CorestoreStorage> = {
  path: 'string',
  id: 'string',
  readOnly: 'boolean',
  allowBackup: 'boolean',
  opened: 'boolean',
  closed: 'boolean',
  stats: 'object',
  rocks: 'object',
  db: 'object',
  onresume: 'method',
  ready: 'method',
  close: 'method',
  suspend: 'method',
  resume: 'method',
  flush: 'method',
  compact: 'method',
  audit: 'method',
  clear: 'method',
  getSeed: 'method',
  setSeed: 'method',
  getDefaultDiscoveryKey: 'method',
  setDefaultDiscoveryKey: 'method',
  getAlias: 'method',
  hasCore: 'method',
  getAuth: 'method',
  getInfo: 'method',
  getInfos: 'method',
  createCore: 'method',
  resumeCore: 'method',
  deleteCore: 'method',
  createCoreStream: 'method',
  createDiscoveryKeyStream: 'method',
  createAliasStream: 'method',
  getGroup: 'method',
  createGroup: 'method',
  createGroupUpdateStream: 'method',
  createAtom: 'method',
}

export const staticMembers: Members<CorestoreStorageConstructor> = { from: 'method', isCoreStorage: 'method' }

export const coreStorageMembers: Members<CoreStorage> = {
  store: 'object',
  core: 'object',
  atom: 'object',
  readOnly: 'boolean',
  snapshotted: 'boolean',
  dependencies: 'object',
  read: 'method',
  write: 'method',
  snapshot: 'method',
  createAtom: 'method',
  atomize: 'method',
  resumeSession: 'method',
  createSession: 'method',
  createAtomicSession: 'method',
  deleteSessions: 'method',
  createBlockStream: 'method',
  createTreeNodeStream: 'method',
  createBitfieldStream: 'method',
  createMarkStream: 'method',
  createUserDataStream: 'method',
  createLocalStream: 'method',
  compact: 'method',
  close: 'method',
}

export const readMembers: Members<CoreReadBatch> = {
  getAuth: 'method',
  getHead: 'method',
  getHints: 'method',
  getGroup: 'method',
  getSessions: 'method',
  getDependency: 'method',
  getBlock: 'method',
  getBitfieldPage: 'method',
  getTreeNode: 'method',
  hasTreeNode: 'method',
  getUserData: 'method',
  getMark: 'method',
  getLocal: 'method',
  tryFlush: 'method',
  destroy: 'method',
}

export const writeMembers: Members<CoreWriteBatch> = {
  setAuth: 'method',
  setHead: 'method',
  deleteHead: 'method',
  setHints: 'method',
  setGroup: 'method',
  deleteGroup: 'method',
  setSessions: 'method',
  setDependency: 'method',
  putBlock: 'method',
  deleteBlock: 'method',
  deleteBlockRange: 'method',
  putBitfieldPage: 'method',
  deleteBitfieldPage: 'method',
  deleteBitfieldPageRange: 'method',
  putTreeNode: 'method',
  deleteTreeNode: 'method',
  deleteTreeNodeRange: 'method',
  putUserData: 'method',
  deleteUserData: 'method',
  putMark: 'method',
  deleteMark: 'method',
  deleteMarkRange: 'method',
  putLocal: 'method',
  deleteLocal: 'method',
  deleteLocalRange: 'method',
  putGroupUpdate: 'method',
  deleteGroupUpdate: 'method',
  flush: 'method',
}

export const atomMembers: Members<StorageAtom> = {
  flushing: 'boolean',
  preflush: 'method',
  onflush: 'method',
  flush: 'method',
  flushed: 'method',
}

export const databaseMembers: Members<StorageDatabase> = {
  path: 'string',
  opened: 'boolean',
  closed: 'boolean',
  snapshotted: 'boolean',
  ready: 'method',
  close: 'method',
  session: 'method',
  snapshot: 'method',
  columnFamily: 'method',
  read: 'method',
  write: 'method',
  iterator: 'method',
  flush: 'method',
  compactRange: 'method',
  suspend: 'method',
  resume: 'method',
}

export const databaseReadMembers: Members<DatabaseReadBatch> = {
  get: 'method',
  tryFlush: 'method',
  destroy: 'method',
}

export const databaseWriteMembers: Members<DatabaseWriteBatch> = {
  tryPut: 'method',
  tryDelete: 'method',
  tryDeleteRange: 'method',
  flush: 'method',
  destroy: 'method',
}

export const entryMembers: Members<DatabaseEntry> = { key: 'bytes', value: 'bytes' }

export const streamMembers: Members<ReadStream<Uint8Array>> = {
  ...emitterMembers,
  destroyed: 'boolean',
  destroying: 'boolean',
  read: 'method',
  pause: 'method',
  resume: 'method',
  pipe: 'method',
  destroy: 'method',
  [Symbol.asyncIterator]: 'method',
}

export const aliasMembers: Members<Alias> = { name: 'string', namespace: 'bytes' }
export const pointerMembers: Members<CorePointer> = {
  version: 'number',
  corePointer: 'number',
  dataPointer: 'number',
  alias: 'object',
}
export const openPointerMembers: Members<OpenCorePointer> = {
  corePointer: 'number',
  dataPointer: 'number',
  dependencies: 'object',
}
export const dependencyMembers: Members<CoreDependency> = { dataPointer: 'number', length: 'number' }
export const sessionMembers: Members<StoredSession> = { name: 'string', dataPointer: 'number' }
export const groupMembers: Members<CoreGroup> = { key: 'bytes', pointer: 'number' }
export const nodeMembers: Members<TreeNode> = { index: 'number', size: 'number', hash: 'bytes' }
export const authMembers: Members<CoreAuth> = {
  key: 'bytes',
  discoveryKey: 'bytes',
  manifest: 'object',
  keyPair: 'object',
  encryptionKey: 'bytes',
}
export const headMembers: Members<CoreHead> = {
  fork: 'number',
  length: 'number',
  rootHash: 'bytes',
  signature: 'bytes',
  timestamp: 'number',
}
export const hintsMembers: Members<CoreHints> = {
  contiguousLength: 'number',
  remoteContiguousLength: 'number',
  recovering: 'number',
}
export const infoMembers: Members<CoreInfo> = {
  discoveryKey: 'bytes',
  core: 'object',
  auth: 'object',
  head: 'object',
  hints: 'object',
}
