// Opening what another store may have locked: an error, or a wait.
import { setTimeout as delay } from 'node:timers/promises'
import type { AbortController } from '#abort-controller'
import { storageClosed } from '../errors/storage-error.js'
import { toStorageError } from '../errors/to-storage-error.js'

/** How often a store that waits for another one tries again, in milliseconds. */
const WAIT_INTERVAL = 50

export interface Waiting {
  /** Whether it waits. Otherwise the first error counts. */
  readonly wait: boolean
  /** Ends the wait. */
  readonly signal: InstanceType<typeof AbortController>['signal']
  /** For the error; `null` for a storage that is in none. */
  readonly directory: string | null
}

/** Calls `open` until it succeeds, or fails for another reason than that the storage is locked. */
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
