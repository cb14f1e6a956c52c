// The running backups of a family of stores. The storage closes after they have ended, because a database does not close while a snapshot
// of it is read.

import type { CorestoreStorage } from '@coreyard/hypercore-types'
import { type BackupOptions, backup, type Copied, type StorageArgument } from '@coreyard/storage'

export class Backups {
  readonly #storage: CorestoreStorage
  readonly #running = new Set<Promise<Copied>>()

  constructor(storage: CorestoreStorage) {
    this.#storage = storage
  }

  /** Copies the storage. @param closing aborted when the store that asked for it closes, which ends it */
  async run(to: StorageArgument, options: BackupOptions, closing: AbortSignal): Promise<Copied> {
    const running = backup(this.#storage, to, options, closing)
    this.#running.add(running)
    try {
      return await running
    } catch (error) {
      closing.throwIfAborted()
      throw error
    } finally {
      this.#running.delete(running)
    }
  }

  /** Settles when no backup is running. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#running)
  }
}
