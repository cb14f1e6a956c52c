// RocksDB for a directory, as it is passed to hypercore-storage. A write that fails rejects with a StorageError.
import { dirname } from 'node:path'
import { nativeDatabase } from '@coreyard/hypercore-port/storage'
import { toStorageError } from '../errors/to-storage-error.js'
import { endStream } from './end-stream.js'

/** The database in the `db` of a directory. It opens itself on first use. */
export const NativeDatabase = nativeDatabase({
  explainWrite: (error, path) => toStorageError(error, dirname(path)),
  endStream,
})
