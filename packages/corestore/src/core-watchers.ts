// `store.watch`: functions that are called with every core that begins to open.

import type { Core } from '@coreyard/hypercore-types'

export type CoreWatcher = (core: Core) => void

/** The watchers of a store and all its sessions. */
export class CoreWatchers {
  readonly #byStore = new Map<object, Set<CoreWatcher>>()

  add(store: object, watcher: CoreWatcher): void {
    const watchers = this.#byStore.get(store) ?? new Set()
    this.#byStore.set(store, watchers.add(watcher))
  }

  remove(store: object, watcher: CoreWatcher): void {
    this.#byStore.get(store)?.delete(watcher)
  }

  /** Forgets the watchers of a store that closes. */
  forget(store: object): void {
    this.#byStore.delete(store)
  }

  /** Calls all of them, as soon as the store shows the core among its open ones. */
  opening(core: Core): void {
    if (this.#byStore.size === 0) return
    queueMicrotask(() => {
      for (const watchers of [...this.#byStore.values()]) for (const watcher of [...watchers]) watcher(core)
    })
  }
}
