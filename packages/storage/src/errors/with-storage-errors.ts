// Converts errors of reads and writes to errors that say on which side of a conversion they happened.
import { toStorageError } from './to-storage-error.js'

/** Waits for `done`. If it rejects, rejects with a `StorageError` that names the directory. */
export async function withStorageErrors<T>(done: Promise<T>, directory: string | null): Promise<T> {
  try {
    return await done
  } catch (error) {
    throw toStorageError(error, directory)
  }
}

/** Yields the items. If the iteration fails, throws a `StorageError` that names the directory. */
export async function* eachWithStorageErrors<T>(
  items: AsyncIterable<T>,
  directory: string | null,
): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await withStorageErrors(iterator.next(), directory)
      if (next.done) return
      yield next.value
    }
  } finally {
    await iterator.return?.()
  }
}
