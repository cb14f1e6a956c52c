// Streams that nobody has read to their end when their database closes: RocksDB would wait for them.
import type { Readable } from 'streamx'
import { StorageError } from '../errors/storage-error.js'

/** Ends a stream with an error, if somebody listens: without a listener, an error would end the process. */
export function endStream(stream: Readable): void {
  const closed = new StorageError('STORAGE_CLOSED', 'The database was closed while it was read', null)
  stream.destroy(stream.listenerCount('error') > 0 ? closed : null)
}
