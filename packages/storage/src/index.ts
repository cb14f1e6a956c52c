/**
 * Storage engines for Hypercore 11: RocksDB in a directory, in Corestore 7's format, or random-access-kv on any
 * `random-access-storage`, with errors that say what is wrong with the storage and what would be right.
 *
 * ```ts
 * import { StorageError, storageEngine } from '@coreyard/storage'
 *
 * const engine = storageEngine('./my-cores')
 * try {
 *   const primaryKey = await engine.primaryKey() // opens it
 *   console.log(engine.directory, primaryKey.byteLength) // 32
 * } catch (error) {
 *   if (error instanceof StorageError && error.code === 'STORAGE_LOCKED') console.log('already running')
 *   else throw error
 * } finally {
 *   await engine.close()
 * }
 * ```
 *
 * @packageDocumentation
 */

export { CoreyardError } from '@coreyard/random-access-kv'
export { auditTree, type TreeAudit } from './audit-tree.js'
export { backup } from './convert/backup.js'
export { convert } from './convert/convert.js'
export type {
  BackupOptions,
  Converted,
  ConvertOptions,
  ConvertProgress,
  ConvertSignal,
  CoreKeys,
} from './convert/options.js'
export { type CopiedCore, copyCore } from './copy-core.js'
export { explainCore } from './damaged-core.js'
export { type DeletedCore, deleteCore } from './delete-core.js'
export { nameCore } from './name-core.js'
export type { Doubt } from './open-mark.js'
export type { EngineName, RandomAccessOptions, StorageArgument, StorageOptions } from './options.js'
export type { RandomAccessClass, RandomAccessFunction } from './random-access-argument.js'
export { type FileStorageOptions, fileStorage, memoryStorage } from './ready-made-storages.js'
export { toStorageError } from './recognise.js'
export { type StorageEngine, storageEngine } from './storage-engine.js'
export { StorageError, type StorageErrorCode } from './storage-error.js'
export { type StoredCore, storedCores } from './stored-cores.js'
