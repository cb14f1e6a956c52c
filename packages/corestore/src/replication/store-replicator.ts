// `store.replicator`: what users ask of the replicator of a store, whichever it is.

import { storeClosed } from '../errors/errors.js'
import { readKey } from '../options/core-options.js'
import type { CoreKey } from '../options/get-options.js'
import type { GuardedReplicator } from './guarded-replicator.js'

/** The replicator of a store. */
export interface StoreReplicator {
  /**
   * Takes permissions back: detaches the cores from the peers that have them, and asks `authorize` again before one is replicated. What
   * is still permitted goes on.
   *
   * @param discoveryKey the core: 32 bytes, hex or z32. `undefined` for every core
   * @param remotePublicKey the peer: the same. `undefined` for every peer
   * @throws CorestoreError `BAD_ARGUMENT` for what is no key, `UNSUPPORTED` for a replicator of your own without `revoke`,
   *   `SESSION_CLOSED` once the store is closing
   */
  revoke(discoveryKey?: CoreKey | null, remotePublicKey?: CoreKey | null): void
}

/** @param isClosed whether the store that has the storage is closing */
export function storeReplicator(replicator: GuardedReplicator, isClosed: () => boolean): StoreReplicator {
  return {
    revoke(discoveryKey, remotePublicKey) {
      if (isClosed()) throw storeClosed()
      replicator.revoke(read('discoveryKey', discoveryKey), read('remotePublicKey', remotePublicKey))
    },
  }
}

function read(what: string, key: CoreKey | null | undefined): Uint8Array | undefined {
  return key === undefined || key === null ? undefined : readKey(what, key)
}
