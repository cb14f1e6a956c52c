// Opens a storage that another store may have locked: fails, or waits.
import { setTimeout as delay } from 'node:timers/promises'
import type { AbortController } from '#abort-controller'
import { storageClosed } from '../errors/storage-error.js'
import { toStorageError } from '../errors/to-storage-error.js'

/** How often a store that waits for another one tries again, in milliseconds. */
const WAIT_INTERVAL = 50

export interface Waiting {
  /** Whether to wait. Otherwise the first error is thrown. */
  readonly wait: boolean
  /** Ends the wait. */
  readonly signal: InstanceType<typeof AbortController>['signal']
  /** For the error; `null` for a storage without a directory. */
  readonly directory: string | null
}

/** Calls `open` until it succeeds, or fails for another reason than a lock. */
export async function waitForLock<T>(
  open: () => Promise<T>,
  { wait, signal, directory }: Waiting,
): Promise<T> {
  for (;;) {
    if (signal.aborted) throw storageClosed(directory)
    try {
      return await open()
    } catch (error) {
      if (!wait || toStorageError(error, directory).code !== 'STORAGE_LOCKED') throw error
    }
    await delay(WAIT_INTERVAL, undefined, { signal }).catch(() => {}) // aborted: the loop ends
  }
}
