// What an inspector reads from a store beyond its public members. Reading changes nothing, and the store keeps nothing for it.
// viewed-store.ts makes it.

import type { Alias, Core } from '@coreyard/hypercore-types'
import type { StreamView } from '@coreyard/replicator'
import type { EngineName } from '@coreyard/storage'
import type { ConflictView } from '../events/conflicts.js'
import type { PassiveView } from '../replication/passive-cores.js'

/** The name of the member of a store that returns its view. Registered globally, for a store of another copy of this package. */
export const STORE_VIEW: unique symbol = Symbol.for('@coreyard/corestore/view')

/** A core that is open or opening. */
export interface OpenCoreView {
  /** The discovery key in hex. */
  readonly id: string
  readonly core: Core
  /** Whether it may be announced to peers. */
  readonly active: boolean
}

/** A read-only view of the internal state of a store and all its sessions. */
export interface StoreView {
  readonly engine: EngineName
  /** `null` for a store that is not in a directory. */
  readonly directory: string | null
  readonly readOnly: boolean
  readonly suspended: boolean
  /**
   * Why the store may be older than its peers, which its cores then ask before they are written: `'copy'` if it is a copy, `'unclean'` if
   * it was not closed before the machine stopped, `null` if neither.
   */
  readonly doubt: 'copy' | 'unclean' | null
  readonly cacheSize: number
  /** In milliseconds. */
  readonly idleTimeout: number
  readonly passive: PassiveView
  /** How many open cores are used by no session and no peer. */
  readonly idle: number
  /** Returns the namespace (32 bytes) and the name that an alias stands for. The name is bytes if it is not UTF-8. */
  nameOf(alias: Alias): { readonly namespace: Uint8Array; readonly name: string | Uint8Array }
  /** Returns the open core with this discovery key (hex). */
  core(id: string): OpenCoreView | null
  /** Every open core. */
  cores(): Iterable<OpenCoreView>
  /** The conflicting histories that peers have proved, by discovery key in hex, the newest last. At most 1000 are kept. */
  readonly conflicts: ReadonlyMap<string, ConflictView>
  /** The streams of the replicator. Empty for a custom replicator without the method `streams`. */
  streams(): Iterable<StreamView>
}
