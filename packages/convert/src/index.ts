/**
 * Copies a whole store to another storage, for example from RocksDB to a single file or to memory, and back. The source may also be a store
 * of Corestore 6, in a directory or on any `random-access-storage`. Both sides are compared at the end, and a conversion that was
 * interrupted continues when it is called again.
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
