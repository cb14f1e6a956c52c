// hypercore-storage for a directory, changed where its own behaviour would lose a store. directory-gate.ts opens
// the directory; nothing here touches a file before RocksDB does.
import { join } from 'node:path'
import b4a from 'b4a'
import { exists } from '../directory/files.js'
import { StorageError } from '../errors/storage-error.js'
import { CheckedStorage } from '../records/checked-storage.js'

/** Migrates a Corestore 6 directory. */
export class DirectoryStorage extends CheckedStorage {
  override async migrateCore(discoveryKey: Uint8Array, migrate: () => Promise<void>): Promise<void> {
    if (this.readOnly) throw notTakenOver(this.path, discoveryKey)
    await migrate()
  }

  /**
   * Migrates all cores of a Corestore 6, so that the store can later be read without writing. hypercore-storage migrates a core only
   * when it is first opened. A core that cannot be migrated stays as it is, and fails when it is opened.
   */
  async takeOverCores(): Promise<void> {
    // It goes with the last core.
    if (this.readOnly || !(await exists(join(this.path, 'cores')))) return
    const waiting: Uint8Array[] = []
    for await (const { discoveryKey, core } of this.createCoreStream()) {
      if (core.version === 0) waiting.push(discoveryKey)
    }
    for (const discoveryKey of waiting) {
      try {
        await (await this.resumeCore(discoveryKey))?.close()
      } catch {
        // reported when the core is opened
      }
    }
  }
}

function notTakenOver(directory: string, discoveryKey: Uint8Array): StorageError {
  return new StorageError(
    'STORAGE_NOT_MIGRATED',
    `The core with discovery key ${b4a.toString(discoveryKey, 'hex')} is still one of Corestore 6 in ${directory}: open the ` +
      'directory once for writing, which brings it up to date',
    directory,
  )
}
