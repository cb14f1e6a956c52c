// What an inspector reads of a store that its public members do not tell. Reading changes nothing, and nothing is kept for it. It is
// made in viewed-store.ts.

import type { Alias, Core } from '@coreyard/hypercore-types'
import type { StreamView } from '@coreyard/replicator'
import type { EngineName } from '@coreyard/storage'
import type { ConflictView } from '../events/conflicts.js'
import type { PassiveView } from '../replication/passive-cores.js'

/** The name of the member of a store that gives its view. Registered globally, for a store of another copy of this package. */
export const STORE_VIEW: unique symbol = Symbol.for('@coreyard/corestore/view')

/** A core that is open or opening. */
export interface OpenCoreView {
  /** The discovery key in hex. */
  readonly id: string
  readonly core: Core
  /** Whether it may be announced to peers. */
  readonly active: boolean
}

/** The inside of a store and all its sessions, to look at. */
export interface StoreView {
  readonly engine: EngineName
  /** `null` for a store that is in no directory. */
  readonly directory: string | null
  readonly readOnly: boolean
  readonly suspended: boolean
  /** What the store was found to be when it opened: a copy, or not closed before the machine stopped. Its cores then ask their peers. */
  readonly doubt: 'copy' | 'unclean' | null
  readonly cacheSize: number
  /** In milliseconds. */
  readonly idleTimeout: number
  readonly passive: PassiveView
  /** How many cores are open that no session and no peer uses. */
  readonly idle: number
  /** The name that the storage files a core under, in its namespace (32 bytes). Bytes if those are no UTF-8. */
  nameOf(alias: Alias): { readonly namespace: Uint8Array; readonly name: string | Uint8Array }
  /** By discovery key in hex. */
  core(id: string): OpenCoreView | null
  /** Every open core. */
  cores(): Iterable<OpenCoreView>
  /** The other histories that peers have proved, by discovery key in hex, the newest one last. */
  readonly conflicts: ReadonlyMap<string, ConflictView>
  /** The streams of the replicator; none for a replicator of one's own that does not tell. */
  streams(): Iterable<StreamView>
}
