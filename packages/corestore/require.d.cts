// The declarations that TypeScript reads for `require('@coreyard/corestore')` and `import Corestore = require('@coreyard/corestore')`.
// The code is in require.cjs.

import type { ValueEncoding } from '@coreyard/hypercore-types' with { 'resolution-mode': 'import' }
import type { commonJs } from './dist/common-js.js' with { 'resolution-mode': 'import' }
import type * as exported from './dist/index.js' with { 'resolution-mode': 'import' }

declare const Corestore: typeof commonJs
type Corestore = exported.Corestore

declare namespace Corestore {
  type AuditStoreOptions = exported.AuditStoreOptions
  type BackupOptions = exported.BackupOptions
  type ConflictView = exported.ConflictView
  type Copied = exported.Copied
  type CoreAudit = exported.CoreAudit
  type CopyProgress = exported.CopyProgress
  type CopySignal = exported.CopySignal
  type CoreDefaults = exported.CoreDefaults
  type CoreEventMap = exported.CoreEventMap
  type CoreKey = exported.CoreKey
  type CoreList = exported.CoreList
  type Corestore = exported.Corestore
  type CorestoreError = exported.CorestoreError
  type CorestoreErrorCode = exported.CorestoreErrorCode
  type CorestoreEvents = exported.CorestoreEvents
  type CoresView = exported.CoresView
  type CoreWatcher = exported.CoreWatcher
  type CoreyardError<Code extends string = string> = exported.CoreyardError<Code>
  type DeleteOptions = exported.DeleteOptions
  type GetOptions<Encoding extends ValueEncoding = ValueEncoding> = exported.GetOptions<Encoding>
  type GroupNotifyHandle = exported.GroupNotifyHandle
  type GroupUpdatesOptions = exported.GroupUpdatesOptions
  type OpenCoreView = exported.OpenCoreView
  type PassiveView = exported.PassiveView
  type ReadyOptions = exported.ReadyOptions
  type RecoveryOptions = exported.RecoveryOptions
  type ReplicatorOption = exported.ReplicatorOption
  type SessionOptions = exported.SessionOptions
  type SessionTracker = exported.SessionTracker
  type StorageArgument = exported.StorageArgument
  type StorageError = exported.StorageError
  type StorageErrorCode = exported.StorageErrorCode
  type StoredCore = exported.StoredCore
  type StoredOptions = exported.StoredOptions
  type StoreOptions = exported.StoreOptions
  type StoreSuspendOptions = exported.StoreSuspendOptions
  type StoreReplicator = exported.StoreReplicator
  type StoreView = exported.StoreView
  type WaitSignal = exported.WaitSignal
}

export = Corestore
