// Opens a core without a session. `Hypercore.createCore` has no events: Hypercore calls members of the core, which its owner replaces.

import type { Bytes, Core, CoreOptions, CorestoreStorage, GroupUpdate } from '@coreyard/hypercore-types'
import Hypercore from 'hypercore'
import { openingStorage } from './opening-storage.js'

/** A core whose discovery key is known from the start. */
export type KnownCore = Core & { readonly discoveryKey: Uint8Array }

/** The callbacks of a core, which Hypercore calls. */
export interface CoreCalls {
  /** The core was not stored, and was created under its alias. Called before the core is open. */
  created(): void
  /** The core has no more sessions and peers, or opening has failed. */
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
 * @param options the options of the core, with its discovery key
 * @param explain returns the error to reject with if opening fails. It must have a code, because Hypercore's sessions rethrow a
 *   `TypeError` as uncaught
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
  opening.catch(() => {}) // each session of the core reports it
  core.ready = () => opening
  core.onidle = calls.idle
  core.replicator.ondownloading = calls.downloading
  core.ongroupupdate = calls.groupUpdated
  core.purge = calls.purge
  return core
}

/**
 * Hypercore 11.39 (lib/core.js, `_open`) downloads an empty core for half a minute, to learn its length. A core that was opened for a peer
 * does not need that, and two stores that both have the core empty would keep it open in each other forever.
 */
export function stopDownloading({ replicator }: Core): void {
  if (replicator.activeSessions === 0) replicator.downloading = false
}
