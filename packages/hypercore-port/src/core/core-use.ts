// Who uses an open core: its sessions, its writes and its peers. Hypercore emits no events for that; its replicator counts the messages
// of peers in `stats`.

import type { Core, Hypercore, Peer, StoredKeyPair } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { isWriting } from './writing.js'

/** How much a core is used: `'hard'` by sessions or writes, `'soft'` by peers only. */
export function usageOf(core: Core): 'hard' | 'soft' | 'no' {
  if (core.hasSession() || isWriting(core)) return 'hard'
  return hasPeers(core) ? 'soft' : 'no'
}

/** Whether a session that is not weak holds the core. */
export function isHeld(core: Core): boolean {
  return core.hasSession()
}

/** The sessions of a core, by whichever owner they were made. */
export function sessionsOf(core: Core): Hypercore<unknown>[] {
  return core.allSessions()
}

/** Whether the core has a peer, or one on its way. */
export function hasPeers({ replicator }: Core): boolean {
  return !replicator.idle()
}

/** The public key of one of the core's peers. */
export function somePeer({ replicator }: Core): Uint8Array | null {
  return replicator.peers[0]?.remotePublicKey ?? null
}

/** How many times peers have asked for something of the core. */
export function requestsTo({ replicator }: Core): number {
  return replicator.stats.wireRequest.rx
}

/** The same, and how many times they have said what they have. */
export function messagesTo(core: Core): number {
  return requestsTo(core) + core.replicator.stats.wireSync.rx
}

/**
 * Whether a peer is known to have what it was told of the core. Hypercore asks again for a core that the other side closed only when the
 * other side had said that it does not download (lib/replicator.js, `onclose`).
 *
 * @param publicKey of the peer; `null` for any
 */
export function hasHeard(core: Core, publicKey: Uint8Array | null): boolean {
  const length = core.state?.length
  return peersOf(core, publicKey).some((peer) => peer.stats.wireRequest.rx > 0 || peer.lengthAcked === length)
}

/**
 * Whether a peer has said what it has of the core.
 *
 * @param publicKey of the peer; `null` for any
 */
export function hasTold(core: Core, publicKey: Uint8Array | null): boolean {
  return peersOf(core, publicKey).some(({ remoteSynced }) => remoteSynced)
}

/** The key pair that is stored with the core; `null` if there is none. */
export function storedKeyPair({ header }: Core): StoredKeyPair | null {
  return header?.keyPair ?? null
}

function peersOf({ replicator }: Core, publicKey: Uint8Array | null): Peer[] {
  return replicator.peers.filter(
    ({ remotePublicKey }) => publicKey === null || b4a.equals(remotePublicKey, publicKey),
  )
}
