// hypercore-storage over a database that is handed in, with an error of its own for what a conversion has not finished.
import type {
  CoreStorage,
  CorestoreStorage,
  CorestoreStorageOptions,
  StorageDatabase,
} from '@coreyard/hypercore-types'
import HypercoreStorage from 'hypercore-storage'
import { explainOpening } from './store-head.js'

// What the classes of this package override; the contract test watches over it.
interface Internals {
  _getHead(view: unknown): Promise<object>
  _migrateStore(): Promise<void>
  _migrateCore(core: CoreStorage, discoveryKey: Uint8Array, version: number, locked: boolean): Promise<void>
}

export const BaseStorage = HypercoreStorage as unknown as new (
  database: StorageDatabase,
  options?: CorestoreStorageOptions,
) => CorestoreStorage & Internals

export class CheckedStorage extends BaseStorage {
  /** Everything that is read of a store goes through this first. */
  override async _migrateStore(): Promise<void> {
    try {
      await super._migrateStore()
    } catch (error) {
      throw await explainOpening(error, this)
    }
  }
}
