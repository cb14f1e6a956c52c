/// <reference lib="esnext.disposable" preserve="true" />
// The part of `Corestore` that concerns the store as a whole: its state, who is told of cores that open, and how it opens, suspends and
// closes. The methods that concern cores are in corestore.ts.

import { EventEmitter } from 'node:events'
import type { Bytes, CorestoreStorage, EmitterConstructor } from '@coreyard/hypercore-types'
import type { CoresView } from '../cores/cores-view.js'
import type { CoreEventMap } from '../events/core-events.js'
import type { CoreWatcher } from '../events/core-watchers.js'
import type { ReadyOptions, StoreSuspendOptions } from '../options/store-options.js'
import type { StoreReplicator } from '../replication/store-replicator.js'
import { contain } from '../user-code/emit.js'
import type { Corestore } from './corestore.js'
import type { Store } from './store.js'
import { STORE_VIEW, type StoreView } from './store-view.js'
import { viewStore } from './viewed-store.js'

/** The events of a store: those of its cores, and its own. */
export interface CorestoreEvents extends CoreEventMap {
  /** The store is open. */
  ready: []
  /** The store is closed. */
  close: []
  /**
   * An error that no caller receives, for example when an idle core fails to close or a method of the replicator throws. If no store of
   * the family (the root store, its sessions and namespaces) has a listener, it becomes a warning of the process.
   */
  warning: [error: Error]
  /** A listener is about to be added. */
  newListener: [event: unknown]
  /** A listener was removed. */
  removeListener: [event: unknown]
}

const TypedEmitter: EmitterConstructor<CorestoreEvents> = EventEmitter

export const STORE: unique symbol = Symbol('@coreyard/corestore/store')

/** The part of `Corestore` that concerns the store as a whole: its state, and how it opens, suspends and closes. */
export class StoreBase extends TypedEmitter {
  /** @internal */
  declare readonly [STORE]: () => Store

  /** Whether the store is open. */
  get opened(): boolean {
    return this[STORE]().opened
  }

  /** Settles when the store has closed, and never rejects; `null` until `close` is called. */
  get closing(): Promise<void> | null {
    return this[STORE]().lifetime.closing
  }

  /** Whether the store has closed. */
  get closed(): boolean {
    return this[STORE]().lifetime.closed
  }

  /** The `hypercore-storage` instance beneath the store. */
  get storage(): CorestoreStorage {
    return this[STORE]().storage
  }

  /** The option `globalCache` of the store, for packages that build on Hypercore; `null` if it was not given. */
  get globalCache(): object | null {
    return this[STORE]().shared.globalCache
  }

  /** The cores that are open, in this store and in all stores that share them. */
  get cores(): CoresView {
    return this[STORE]().shared.view
  }

  /** The replicator of the store. It revokes permissions: `store.replicator.revoke(discoveryKey, remotePublicKey)`. */
  get replicator(): StoreReplicator {
    return this[STORE]().shared.storeReplicator
  }

  /**
   * Tells the store that the app is looking for peers, for example in a swarm. `update()` of this store's cores then waits for peers, until
   * the returned function is called. This includes cores that are opened in the meantime.
   */
  findingPeers(): () => void {
    return this[STORE]().findingPeers()
  }

  /**
   * Calls `watcher` with every core that begins to open, in this store or in any store that shares its cores. If `get` opens a core by its
   * key, `watcher` is called before `get` returns. An error that it throws is emitted as a warning of the process.
   */
  watch(watcher: CoreWatcher): void {
    this[STORE]().watch(watcher)
  }

  /** Stops calling `watcher`. */
  unwatch(watcher: CoreWatcher): void {
    this[STORE]().unwatch(watcher)
  }

  /** @internal For an inspector, `@coreyard/inspector`. */
  get [STORE_VIEW](): StoreView {
    return viewStore(this[STORE]().shared)
  }

  /** The sessions and namespaces of the root store that are not closed. */
  get corestores(): ReadonlySet<Corestore> {
    return this[STORE]().shared.sessions
  }

  /**
   * A copy of the 32 bytes from which the key pairs of named cores derive. Wipe it after use. `null` once the store has closed, and before
   * it is open unless the option `primaryKey` was given.
   */
  get primaryKey(): Bytes | null {
    return this[STORE]().primaryKey
  }

  /**
   * Waits until the storage is open. You never have to call it: every method that needs the storage waits for it. Rejects with a
   * `StorageError` if the storage cannot be opened, or holds a primary key other than the option `primaryKey`.
   *
   * @param options `signal` ends the wait: `ready` rejects with its reason, see {@link WaitSignal}
   */
  async ready(options?: ReadyOptions | null): Promise<void> {
    await this[STORE]().ready(options)
  }

  /**
   * Stops using the disk until `resume` is called; operations that need the disk wait. It suspends the whole family: the root store, its
   * sessions and its namespaces.
   *
   * @param options `log` is called with a text for each step; `signal` ends the wait
   */
  async suspend(options?: StoreSuspendOptions): Promise<void> {
    await this[STORE]().suspend(options)
  }

  /** Ends `suspend`: the store uses the disk again, and the operations that wait continue. */
  async resume(): Promise<void> {
    await this[STORE]().resume()
  }

  /**
   * Closes the store. A session or namespace closes the sessions of cores that were opened through it. The root store closes all its
   * sessions, every core, the streams that it made (not those that were passed to it), and the storage. A stream of `list`, `stored` or
   * `audit` that is still being read fails with `SESSION_CLOSED`.
   *
   * Every step is performed even if one fails. The first call then rejects with a `CorestoreError` `CLOSE_FAILED`, whose `cause` is an
   * `AggregateError` with every failure; the store is closed nevertheless. Later calls only wait until it is.
   */
  close(callback?: (error: Error | null) => void): Promise<void> {
    const closing = this[STORE]().close()
    if (typeof callback === 'function') {
      closing.then(
        () => contain(() => callback(null)),
        (error) => contain(() => callback(error)),
      )
    }
    return closing
  }

  /** Closes the store at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Removes all listeners of an event, or of every event. */
  override removeAllListeners(event?: keyof CorestoreEvents): this {
    if (event === undefined) super.removeAllListeners()
    else super.removeAllListeners(event)
    const { face, shared } = this[STORE]()
    attend(face)
    shared.events.removed(face)
    return this
  }
}

/** Finds out from now on whether a store is listened to, if it does not already. */
function attend(store: StoreBase): void {
  if (!store.listeners('newListener').includes(onNewListener)) listen(store)
}

/** Finds out from now on whether a store is listened to. */
export function listen(store: StoreBase): void {
  // The listener for `newListener` is added last: it would be called for the other one.
  store.on('removeListener', onRemoveListener)
  store.on('newListener', onNewListener)
}

// One function for all stores, because sessions are made by the thousand. `this` may be an object that wraps the store.
function onNewListener(this: StoreBase, event: unknown): void {
  const { face, shared } = this[STORE]()
  shared.events.added(face, event)
}

function onRemoveListener(this: StoreBase): void {
  const { face, shared } = this[STORE]()
  shared.events.removed(face)
}
