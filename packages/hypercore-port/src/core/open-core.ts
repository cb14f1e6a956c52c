// Opening a core without a session. `Hypercore.createCore` offers no events: Hypercore calls members of the core that its owner replaces.

import type { Bytes, Core, CoreOptions, CorestoreStorage, GroupUpdate } from '@coreyard/hypercore-types'
import Hypercore from 'hypercore'
import { openingStorage } from './opening-storage.js'

/** A core whose discovery key is known from the start. */
export type KnownCore = Core & { readonly discoveryKey: Uint8Array }

/** What Hypercore calls on a core. */
export interface CoreCalls {
  /** The core was not stored, and has been made, under the alias that it was given. Called before it is open. */
  created(): void
  /** The last session and the last peer have gone, or opening has failed. */
  idle(): void
  /** A session has become active. */
  downloading(): void
  /** The core belongs to a group and has changed. */
  groupUpdated(topic: Bytes, update: GroupUpdate): void
  /** A session is to purge the core. */
  purge(): Promise<void>
}

/**
 * Begins to open a core.
 *
 * @param options with the discovery key
 * @param explain the error of a failed opening, with a code: Hypercore's sessions rethrow a `TypeError` as uncaught
 */
export function openCore(
  storage: CorestoreStorage,
  options: CoreOptions & { readonly discoveryKey: Uint8Array },
  explain: (error: unknown) => Promise<unknown>,
  calls: CoreCalls,
): KnownCore {
  const given = openingStorage(storage, calls.created)
  const core = Hypercore.createCore(given.storage, options) as KnownCore // it was given its discovery key
  const opening = core.ready().then(
    () => {
      given.opened()
      Object.assign<Core, Partial<Core>>(core, { db: storage })
    },
    async (error: unknown) => {
      throw await explain(error)
    },
  )
  opening.catch(() => {}) // told by each session of it
  core.ready = () => opening
  core.onidle = calls.idle
  core.replicator.ondownloading = calls.downloading
  core.ongroupupdate = calls.groupUpdated
  core.purge = calls.purge
  return core
}

/**
 * Hypercore 11.39 (lib/core.js, `_open`) downloads an empty core for half a minute, to learn its length. Of a core that was opened for
 * its peers nobody here wants to know that: two stores that have it empty would keep each other's open for ever.
 */
export function stopDownloading({ replicator }: Core): void {
  if (replicator.activeSessions === 0) replicator.downloading = false
}
