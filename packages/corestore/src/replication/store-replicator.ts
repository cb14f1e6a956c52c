// `store.replicator`: what users can ask of the replicator of a store, default or custom.

import { storeClosed } from '../errors/errors.js'
import { readKey } from '../options/core-options.js'
import type { CoreKey } from '../options/get-options.js'
import type { GuardedReplicator } from './guarded-replicator.js'

/** The replicator of a store. */
export interface StoreReplicator {
  /**
   * Revokes permissions: detaches the cores from the peers, and asks `authorize` again before any of them is replicated. Cores that are
   * still permitted continue to replicate. A peer keeps the blocks that it already has.
   *
   * @param discoveryKey the core: 32 bytes, hex or z32. `undefined` for every core
   * @param remotePublicKey the public key of the peer: 32 bytes, hex or z32. `undefined` for every peer
   * @throws CorestoreError `BAD_ARGUMENT` for an invalid key; `UNSUPPORTED` if a custom replicator has no `revoke`; `SESSION_CLOSED` once
   *   the store is closing
   */
  revoke(discoveryKey?: CoreKey | null, remotePublicKey?: CoreKey | null): void
}

/** @param isClosed whether the root store is closing */
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
