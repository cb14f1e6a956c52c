// A core of a store that has the storage and only reads it. Where Hypercore writes what a peer says, the storage refuses, and that
// error would end the whole stream.

import type { Core } from '@coreyard/hypercore-types'

/** Hypercore 11.39, as far as it is replaced here. */
interface CoreInternals {
  /** Stores what peers have of a core, to begin with after a restart. */
  flushHints(): Promise<void>
}
interface ReplicatorInternals {
  /** Waits for what is newer. Without a request to a peer it would wait for ever. */
  addUpgrade(): { readonly promise: Promise<boolean> }
}

/** Makes a core ask its peers for nothing, and keep nothing of what they say. It still serves what is stored. */
export function onlyServe(core: Core): void {
  const { flushHints, addUpgrade } = ONLY_SERVES
  core.replicator.setPushOnly(true)
  Object.assign<Core, CoreInternals>(core, { flushHints })
  Object.assign<Core['replicator'], ReplicatorInternals>(core.replicator, { addUpgrade })
}

const ONLY_SERVES: CoreInternals & ReplicatorInternals = {
  flushHints: async () => {},
  addUpgrade: () => ({ promise: Promise.resolve(false) }),
}
