/**
 * Storage engines for Hypercore 11: from the path of a directory to RocksDB in Corestore 7's format, with errors
 * that say what is wrong with the directory and what would be right.
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
export { auditTree, type TreeAudit } from './audit-tree.js'
export { type DeletedCore, deleteCore } from './delete-core.js'
export { nameCore } from './name-core.js'
export type { StorageArgument, StorageOptions } from './options.js'
export { toStorageError } from './recognise.js'
export { type StorageEngine, storageEngine } from './storage-engine.js'
export { StorageError, type StorageErrorCode } from './storage-error.js'
export { type StoredCore, storedCores } from './stored-cores.js'
