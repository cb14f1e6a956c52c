/**
 * Corestore for TypeScript: one store that derives, opens, caches, names, stores and replicates any number of Hypercores.
 *
 * ```ts
 * import Corestore from '@coreyard/corestore'
 *
 * const store = new Corestore('./my-app')
 * const chat = store.get<{ text: string }>({ name: 'chat', valueEncoding: 'json' })
 * await chat.append({ text: 'hello' })
 * await store.close()
 * ```
 *
 * @packageDocumentation
 */
import { commonJs } from './common-js.js'
import { Corestore } from './corestore.js'

export {
  type BackupOptions,
  type Copied,
  type CopyProgress,
  type CopySignal,
  CoreyardError,
  fileStorage,
  memoryStorage,
  type StorageArgument,
  StorageError,
  type StorageErrorCode,
} from '@coreyard/storage'
export type { ConflictView } from './conflicts.js'
export type { AuditStoreOptions, CoreAudit } from './core-audit.js'
export type { CoreEventMap } from './core-events.js'
export type { CoreList } from './core-list.js'
export type { CoreWatcher } from './core-watchers.js'
export type { CoresView } from './cores-view.js'
export { Corestore, type CorestoreEvents, corestore, type DeleteOptions } from './corestore.js'
export { CorestoreError, type CorestoreErrorCode } from './errors.js'
export type { CoreKey, GetOptions } from './get-options.js'
export type { GroupNotifyHandle, GroupUpdatesOptions } from './group-notify.js'
export type { RecoveryOptions } from './recovery-options.js'
export type { SessionTracker } from './session-tracker.js'
export type { WaitSignal } from './signal.js'
export type {
  CoreDefaults,
  ReadyOptions,
  ReplicatorOption,
  SessionOptions,
  StoreOptions,
  StoreSuspendOptions,
} from './store-options.js'
export type { StoreReplicator } from './store-replicator.js'
export type { OpenCoreView, PassiveView, StoreView } from './store-view.js'
export type { StoredCore, StoredOptions } from './stored-core.js'

export default Corestore
/** @internal TypeScript before 5.6 cannot read this line in a declaration file. */
export { commonJs as 'module.exports' }
