/// <reference lib="esnext.disposable" preserve="true" />
// What a store tells of itself, and how it opens, suspends and closes. What one does with it is in corestore.ts.

import { EventEmitter } from 'node:events'
import type { Bytes, CorestoreStorage, EmitterConstructor } from '@coreyard/hypercore-types'
import type { CoresView } from '../cores/cores-view.js'
import type { CoreEventMap } from '../events/core-events.js'
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
   * Something failed that no caller is told of: a core that was closed because nobody used it any longer, or a method of the
   * replicator. Without a listener in any store of the family it becomes a warning of the process.
   */
  warning: [error: Error]
  /** Somebody begins to listen for an event. */
  newListener: [event: unknown]
  /** Somebody no longer listens for an event. */
  removeListener: [event: unknown]
}

const TypedEmitter: EmitterConstructor<CorestoreEvents> = EventEmitter

export const STORE: unique symbol = Symbol('@coreyard/corestore/store')

/** What a store tells of itself, and how it opens, suspends and closes: the part of `Corestore` that needs no arguments of cores. */
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

  /** The cache that was given as option, for packages that build on Hypercore. */
  get globalCache(): object | null {
    return this[STORE]().shared.globalCache
  }

  /** The cores that are open, here and in all stores that share them. */
  get cores(): CoresView {
    return this[STORE]().shared.view
  }

  /** The replicator of the store, to take permissions back: `store.replicator.revoke(discoveryKey, remotePublicKey)`. */
  get replicator(): StoreReplicator {
    return this[STORE]().shared.storeReplicator
  }

  /** @internal For an inspector, `@coreyard/inspector`. */
  get [STORE_VIEW](): StoreView {
    return viewStore(this[STORE]().shared)
  }

  /** The sessions and namespaces of the store that are not closed. */
  get corestores(): ReadonlySet<Corestore> {
    return this[STORE]().shared.sessions
  }

  /** 32 bytes, from which key pairs derive; `null` until the store is open, unless it was given as option, and once it has closed. */
  get primaryKey(): Bytes | null {
    return this[STORE]().primaryKey
  }

  /**
   * Waits until the storage is open. Calling it is never required: everything that needs it waits by itself. Rejects
   * with a `StorageError` if the storage cannot be opened, or holds another primary key than the one given.
   *
   * @param options `signal` ends the wait: `ready` rejects with its reason
   */
  async ready(options?: ReadyOptions | null): Promise<void> {
    await this[STORE]().ready(options)
  }

  /**
   * Stops using the disk until `resume`: what needs it waits. Every store of a family suspends for all.
   *
   * @param options `log` is called with what is being done; `signal` ends the wait
   */
  async suspend(options?: StoreSuspendOptions): Promise<void> {
    await this[STORE]().suspend(options)
  }

  /** Uses the disk again. */
  async resume(): Promise<void> {
    await this[STORE]().resume()
  }

  /**
   * Closes the store. A session closes the cores that were opened through it. The store that has the storage closes all
   * its sessions, every core, the streams that it made (not those it was handed), and the storage. What is being read with
   * `list`, `stored` or `audit` ends with `SESSION_CLOSED`.
   *
   * Every step is done, whatever fails on the way. The first call then rejects with a `CorestoreError` `CLOSE_FAILED`, of which
   * `cause` is an `AggregateError` of what failed; the store is closed all the same. Later calls only wait until it is.
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

  /** Takes all listeners of an event away, or those of every event. */
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
  // Last the one that would be told of the other.
  store.on('removeListener', onRemoveListener)
  store.on('newListener', onNewListener)
}

// One function for all stores: sessions are made by the thousand. `this` may be what wraps the store.
function onNewListener(this: StoreBase, event: unknown): void {
  const { face, shared } = this[STORE]()
  shared.events.added(face, event)
}

function onRemoveListener(this: StoreBase): void {
  const { face, shared } = this[STORE]()
  shared.events.removed(face)
}
