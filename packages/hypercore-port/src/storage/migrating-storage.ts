// hypercore-storage over a database that is passed in, with its migrations as methods that a subclass overrides. hypercore-storage 3.3
// calls `_migrateStore` before it reads anything, `_getHead` for the store's head, and `_migrateCore` when it opens a core of an older
// version.

import type {
  CoreStorage,
  CorestoreStorage,
  CorestoreStorageOptions,
  StorageDatabase,
} from '@coreyard/hypercore-types'
import HypercoreStorage from 'hypercore-storage'

interface Internals {
  _getHead(view: unknown): Promise<object>
  _migrateStore(): Promise<void>
  _migrateCore(core: CoreStorage, discoveryKey: Uint8Array, version: number, locked: boolean): Promise<void>
}

type StorageConstructor = new (
  database: StorageDatabase,
  options?: CorestoreStorageOptions,
) => CorestoreStorage & Internals

/** A storage that is migrated before it is read. */
export interface MigratingStorage extends CorestoreStorage {
  /** Migrates the store. All reads wait for this. */
  migrateStore(): Promise<void>
  /** Migrates a core that is being opened. @param discoveryKey 32 bytes */
  migrateCore(discoveryKey: Uint8Array, migrate: () => Promise<void>): Promise<void>
}

export const MigratingStorage = class extends (HypercoreStorage as unknown as StorageConstructor) {
  migrateStore(): Promise<void> {
    return super._migrateStore()
  }

  migrateCore(_discoveryKey: Uint8Array, migrate: () => Promise<void>): Promise<void> {
    return migrate()
  }

  override _migrateStore(): Promise<void> {
    return this.migrateStore()
  }

  override _migrateCore(...args: Parameters<Internals['_migrateCore']>): Promise<void> {
    return this.migrateCore(args[1], () => super._migrateCore(...args))
  }

  /**
   * The migration of hypercore-storage 3.3.2 counts cores in `head.allocated`, where they were before its version 2, and fails for every
   * directory of Corestore 6 that has a core.
   */
  override async _getHead(view: unknown): Promise<object> {
    const head = await super._getHead(view)
    return Object.defineProperty(head, 'allocated', { value: head })
  }
} as unknown as new (
  database: StorageDatabase,
  options?: CorestoreStorageOptions,
) => MigratingStorage
