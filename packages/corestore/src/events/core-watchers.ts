// `store.watch`: functions that are called with every core that begins to open.

import type { Core } from '@coreyard/hypercore-types'
import { badArgument, describe } from '../errors/errors.js'
import { contain } from '../user-code/emit.js'

/** Called with the `Core` of each core that begins to open, for `store.watch`. What it throws becomes a warning of the process. */
export type CoreWatcher = (core: Core) => void

/** The watchers of a store and all its sessions. */
export class CoreWatchers {
  readonly #byStore = new Map<object, Set<CoreWatcher>>()
  /** Cores that nobody was told of yet. */
  readonly #opening: Core[] = []

  /** Throws BAD_ARGUMENT for what is no function. */
  add(store: object, watcher: CoreWatcher): void {
    checkWatcher('watch', watcher)
    const watchers = this.#byStore.get(store) ?? new Set()
    this.#byStore.set(store, watchers.add(watcher))
  }

  /** Throws BAD_ARGUMENT for what is no function. */
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

  /** A core begins to open, but the store does not show it among its open ones yet: `tell` follows, or comes by itself. */
  opening(core: Core): void {
    if (this.#byStore.size === 0) return
    this.#opening.push(core)
    queueMicrotask(() => this.tell())
  }

  /** Calls all of them, now that the store shows the cores that have begun to open. */
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
