// A core of a read-only root store. Hypercore writes some of what peers say. The storage refuses such a write, and that error would end the
// whole stream.

import type { Core } from '@coreyard/hypercore-types'

/** The part of Hypercore 11.39 that is replaced here. */
interface CoreInternals {
  /** Stores what peers have of a core, for use after a restart. */
  flushHints(): Promise<void>
}
interface ReplicatorInternals {
  /** Waits for a greater length. Without a request to a peer it would wait forever. */
  addUpgrade(): { readonly promise: Promise<boolean> }
}

/** Makes a core send no requests to its peers, and store nothing of what they say. It still serves stored blocks. */
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
