/**
 * Copies a whole store to another storage: from RocksDB to files or memory and back, and from Corestore 6 on any
 * `random-access-storage`. Both sides are compared, and a conversion that was interrupted continues.
 *
 * ```ts
 * import { convert } from '@coreyard/convert'
 *
 * await convert('./my-app', './my-app-in-one-file', { to: { engine: 'random-access' } })
 * ```
 *
 * @packageDocumentation
 */

export { CoreyardError, StorageError, type StorageErrorCode } from '@coreyard/storage'
export type { Copied, CopyOptions, CopyProgress, CopySignal, SourceOptions } from '@coreyard/storage/copying'
export { convert } from './convert.js'
export type { ConvertOptions, CoreKeys } from './convert-options.js'
