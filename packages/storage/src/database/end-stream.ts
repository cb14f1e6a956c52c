// Ends streams that are still open when their database closes. RocksDB would wait for them.
import { StorageError } from '../errors/storage-error.js'

/** The part of a stream that is used here. */
interface Ended {
  destroy(error: Error | null): unknown
  listenerCount(event: 'error'): number
}

/** Ends a stream. It ends with an error only if there is a listener: without one, an error would end the process. */
export function endStream(stream: Ended): void {
  const closed = new StorageError('STORAGE_CLOSED', 'The database was closed while it was read', null)
  stream.destroy(stream.listenerCount('error') > 0 ? closed : null)
}
