// hypercore-storage over a database that is handed in, with an error of its own for what a conversion has not finished.
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
