// hypercore-storage as Hypercore gets it for a directory, with the places where its own way would lose a store.
// Opening a directory is directory-gate.ts's; nothing here touches a file before RocksDB does.
import { BaseStorage, CheckedStorage } from './checked-storage.js'

/**
 * Takes over a Corestore 6 directory. The migration of hypercore-storage 3.3.2 counts cores in `head.allocated`,
 * where they were before its version 2, and fails for every directory that has a core.
 */
export class DirectoryStorage extends CheckedStorage {
  override async _getHead(view: unknown): Promise<object> {
    const head = await super._getHead(view)
    return Object.defineProperty(head, 'allocated', { value: head })
  }
}

/** Reads what is stored as it is, without bringing it up to date, which would write. */
export class UntouchedStorage extends BaseStorage {
  override async _migrateStore(): Promise<void> {
    await this.db.ready()
  }
}
