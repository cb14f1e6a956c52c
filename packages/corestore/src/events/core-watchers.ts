// `store.watch`: functions that are called with every core that begins to open.

import type { Core } from '@coreyard/hypercore-types'
import { badArgument, describe } from '../errors/errors.js'
import { contain } from '../user-code/emit.js'

/**
 * A function for `store.watch`, called with the `Core` of each core that begins to open. An error that it throws is emitted as a warning of
 * the process.
 */
export type CoreWatcher = (core: Core) => void

/** The watchers of a store and all its sessions. */
export class CoreWatchers {
  readonly #byStore = new Map<object, Set<CoreWatcher>>()
  /** Cores that the watchers were not called with yet. */
  readonly #opening: Core[] = []

  /** Throws BAD_ARGUMENT if `watcher` is not a function. */
  add(store: object, watcher: CoreWatcher): void {
    checkWatcher('watch', watcher)
    const watchers = this.#byStore.get(store) ?? new Set()
    this.#byStore.set(store, watchers.add(watcher))
  }

  /** Throws BAD_ARGUMENT if `watcher` is not a function. */
  remove(store: object, watcher: CoreWatcher): void {
    checkWatcher('unwatch', watcher)
    const watchers = this.#byStore.get(store)
    watchers?.delete(watcher)
    if (watchers?.size === 0) this.#byStore.delete(store)
  }

  /** Forgets the watchers of a store that closes. */
  forget(store: object): void {
    this.#byStore.delete(store)
  }

  /** Called when a core begins to open, before the store lists it among its open ones. `tell` follows at the latest in a microtask. */
  opening(core: Core): void {
    if (this.#byStore.size === 0) return
    this.#opening.push(core)
    queueMicrotask(() => this.tell())
  }

  /** Calls all watchers with the cores that have begun to open, now that the store lists them. */
  tell(): void {
    for (let core = this.#opening.shift(); core !== undefined; core = this.#opening.shift()) {
      for (const watchers of this.#byStore.values())
        for (const watcher of [...watchers]) contain(() => watcher(core))
    }
  }
}

function checkWatcher(method: string, watcher: unknown): void {
  if (typeof watcher !== 'function') throw badArgument(`${method} takes a function, not ${describe(watcher)}`)
}
