/**
 * Storage engines for Hypercore 11: RocksDB in a directory, in the format of Corestore 7, or random-access-kv on any
 * `random-access-storage`. An error says what is wrong with the storage and what would be right.
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

export {
  auditTree,
  type CopiedCore,
  copyCore,
  type DeletedCore,
  deleteCore,
  nameCore,
  type TreeAudit,
} from '@coreyard/hypercore-port/storage'
export { CoreyardError } from '@coreyard/random-access-kv'
export type { DirectoryUrl } from './argument/named-directory.js'
export type { RandomAccessClass, RandomAccessFunction } from './argument/random-access-argument.js'
export { type FileStorageOptions, fileStorage, memoryStorage } from './argument/ready-made-storages.js'
export type { StorageArgument } from './argument/storage-argument.js'
export type { EngineName, RandomAccessOptions, StorageOptions } from './argument/storage-options.js'
export { backup } from './copying/backup.js'
export type { BackupOptions, Copied, CopyOptions, CopyProgress, CopySignal } from './copying/copy-options.js'
export type { Doubt } from './engine/open-mark.js'
export { type StorageEngine, storageEngine } from './engine/storage-engine.js'
export { StorageError, type StorageErrorCode } from './errors/storage-error.js'
export { toStorageError } from './errors/to-storage-error.js'
export { explainCore } from './records/damaged-core.js'
export { type StoredCore, storedCores } from './records/stored-cores.js'
