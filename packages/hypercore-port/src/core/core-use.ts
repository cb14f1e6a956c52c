// The use of an open core by sessions, writes and peers. Hypercore emits no events for that; its replicator counts the messages of peers in
// `stats`.

import type { Core, Hypercore, Peer, StoredKeyPair } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { isWriting } from './writing.js'

/** Returns how a core is used: `'hard'` by sessions or writes, `'soft'` by peers only, or `'no'`. */
export function usageOf(core: Core): 'hard' | 'soft' | 'no' {
  if (core.hasSession() || isWriting(core)) return 'hard'
  return hasPeers(core) ? 'soft' : 'no'
}

/** Whether a session that is not weak keeps the core open. */
export function isHeld(core: Core): boolean {
  return core.hasSession()
}

/** Returns the sessions of a core, of all owners. */
export function sessionsOf(core: Core): Hypercore<unknown>[] {
  return core.allSessions()
}

/** Whether the core has a peer, or one is connecting. */
export function hasPeers({ replicator }: Core): boolean {
  return !replicator.idle()
}

/** Returns the public key of one of the core's peers; `null` if it has none. */
export function somePeer({ replicator }: Core): Uint8Array | null {
  return replicator.peers[0]?.remotePublicKey ?? null
}

/** Returns how many requests for the core peers have sent. */
export function requestsTo({ replicator }: Core): number {
  return replicator.stats.wireRequest.rx
}

/** Returns how many times peers have sent a request or said what they have. */
export function messagesTo(core: Core): number {
  return requestsTo(core) + core.replicator.stats.wireSync.rx
}

/**
 * Whether a peer has certainly received what this side told it about the core. This matters before the core closes: Hypercore opens a
 * channel again that the other side closed only if the other side had said that it does not download (lib/replicator.js, `onclose`).
 *
 * @param publicKey the public key of the peer; `null` for any
 */
export function hasHeard(core: Core, publicKey: Uint8Array | null): boolean {
  const length = core.state?.length
  return peersOf(core, publicKey).some((peer) => peer.stats.wireRequest.rx > 0 || peer.lengthAcked === length)
}

/**
 * Whether a peer has said what it has of the core.
 *
 * @param publicKey the public key of the peer; `null` for any
 */
export function hasTold(core: Core, publicKey: Uint8Array | null): boolean {
  return peersOf(core, publicKey).some(({ remoteSynced }) => remoteSynced)
}

/** Returns the key pair that is stored with the core; `null` if there is none. */
export function storedKeyPair({ header }: Core): StoredKeyPair | null {
  return header?.keyPair ?? null
}

function peersOf({ replicator }: Core, publicKey: Uint8Array | null): Peer[] {
  return replicator.peers.filter(
    ({ remotePublicKey }) => publicKey === null || b4a.equals(remotePublicKey, publicKey),
  )
}
