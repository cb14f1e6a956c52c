// RocksDB as hypercore-storage gets it for a directory. A write that fails says why, as everything else of the storage does.
import { dirname } from 'node:path'
import { nativeDatabase } from '@coreyard/hypercore-port/storage'
import { toStorageError } from '../errors/to-storage-error.js'
import { endStream } from './end-stream.js'

/** A database in a directory's `db`; opens, by itself, when it is first needed. */
export const NativeDatabase = nativeDatabase({
  explainWrite: (error, path) => toStorageError(error, dirname(path)),
  endStream,
})
