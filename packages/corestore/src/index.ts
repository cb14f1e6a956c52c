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
import { Corestore } from './store/corestore.js'

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
export type { CoreList } from './cores/core-list.js'
export type { CoresView } from './cores/cores-view.js'
export { CorestoreError, type CorestoreErrorCode } from './errors/errors.js'
export type { ConflictView } from './events/conflicts.js'
export type { CoreEventMap } from './events/core-events.js'
export type { CoreWatcher } from './events/core-watchers.js'
export type { GroupNotifyHandle, GroupUpdatesOptions } from './events/group-notify.js'
export type { StoredCore, StoredOptions } from './names/stored-core.js'
export type { DeleteOptions } from './options/delete-options.js'
export type { CoreKey, GetOptions } from './options/get-options.js'
export type { RecoveryOptions } from './options/recovery-options.js'
export type { WaitSignal } from './options/signal.js'
export type {
  CoreDefaults,
  ReadyOptions,
  ReplicatorOption,
  SessionOptions,
  StoreOptions,
  StoreSuspendOptions,
} from './options/store-options.js'
export type { AuditStoreOptions, CoreAudit } from './records/core-audit.js'
export type { PassiveView } from './replication/passive-cores.js'
export type { StoreReplicator } from './replication/store-replicator.js'
export type { SessionTracker } from './sessions/session-tracker.js'
export { Corestore, corestore } from './store/corestore.js'
export type { CorestoreEvents } from './store/store-base.js'
export type { OpenCoreView, StoreView } from './store/store-view.js'

export default Corestore
/** @internal TypeScript before 5.6 cannot read this line in a declaration file. */
export { commonJs as 'module.exports' }
