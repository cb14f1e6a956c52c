// hypercore-storage over a database that is passed in, with an own error for an unfinished copy.
import { MigratingStorage } from '@coreyard/hypercore-port/storage'
import { explainOpening } from './store-head.js'

export class CheckedStorage extends MigratingStorage {
  override async migrateStore(): Promise<void> {
    try {
      await super.migrateStore()
    } catch (error) {
      throw await explainOpening(error, this)
    }
  }
}
