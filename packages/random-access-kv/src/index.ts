/**
 * An ordered key-value store on any `random-access-storage`: atomic batches, range deletes, iterators, snapshots, crash safety.
 *
 * ```ts
 * import { RandomAccessKV, type RandomAccessStorage } from '@coreyard/random-access-kv'
 *
 * export async function example(storage: RandomAccessStorage): Promise<void> {
 *   await using kv = new RandomAccessKV(storage)
 *   const utf8 = new TextEncoder()
 *   await kv.batch([
 *     { type: 'put', key: utf8.encode('fruit/apple'), value: utf8.encode('red') },
 *     { type: 'put', key: utf8.encode('fruit/lemon'), value: utf8.encode('yellow') },
 *     { type: 'del', key: utf8.encode('fruit/plum') },
 *   ])
 *   for await (const { key, value } of kv.iterator({ gte: utf8.encode('fruit/'), lt: utf8.encode('fruit0') })) {
 *     console.log(key, value)
 *   }
 * }
 * ```
 *
 * @module
 */

export { MAX_KEY } from './commit/changes.js'
export { MAX_VALUE, type Operation } from './commit/operations.js'
export { CoreyardError } from './coreyard-error.js'
export { KvError, type KvErrorCode } from './errors.js'
export { type Entry, EntryIterator, type IteratorOptions } from './iterator.js'
export { RandomAccessKV, type Stats, type StorageArgument } from './kv.js'
export type { KvOptions, SyncPolicy } from './options.js'
export type { Range } from './ranges.js'
export { Snapshot } from './snapshot.js'
export type { RandomAccessStorage } from './storage/storage.js'
export type { Problem, VerifyReport } from './verify.js'
