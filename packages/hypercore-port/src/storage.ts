/**
 * The undocumented parts of hypercore-storage and rocksdb-native that a storage relies on: the records with their keys and values, the
 * migrations, and the interface of a database.
 *
 * @packageDocumentation
 */

export { auditTree, type TreeAudit } from './storage/audit-tree.js'
export { BoundDatabase } from './storage/bound-database.js'
export { type CopiedCore, copyCore } from './storage/copy-core.js'
export { type DeletedCore, deleteCore } from './storage/delete-core.js'
export { MigratingStorage } from './storage/migrating-storage.js'
export { nameCore } from './storage/name-core.js'
export {
  nativeDatabase,
  type RocksCalls,
  type RocksLock,
  type RocksOptions,
  type RocksStream,
} from './storage/native-database.js'
export { isNoRecord } from './storage/no-record.js'
export { readOnlyView } from './storage/read-only-view.js'
export {
  isCoreRecord,
  isFromDataOn,
  type RecordKind,
  recordKind,
  recordName,
} from './storage/record-names.js'
export { keys, type RecordKeys, type RecordSchema, type StoreHead, schema } from './storage/records.js'
