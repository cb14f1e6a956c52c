// The events of a session.

import type { Peer } from '../core/peer.js'
import type { TreeProof } from '../proof.js'

/** Events of a Hypercore session, with their arguments. */
export interface HypercoreEvents {
  /** The session is open, and its fields are set. */
  ready: []
  /** The session has closed, or failed to open. */
  close: []
  /** The core has become longer, by this store or by a peer. */
  append: []
  /** The core was truncated: only the first `length` blocks are unchanged, and `fork` is its new fork. */
  truncate: [length: number, fork: number]
  /** A peer has begun to replicate the core. */
  'peer-add': [peer: Peer]
  /** A peer has stopped replicating the core. */
  'peer-remove': [peer: Peer]
  /** A block has been sent to a peer; `byteLength` in bytes, without what encryption adds. */
  upload: [index: number, byteLength: number, peer: Peer]
  /** A block has arrived from a peer; `byteLength` in bytes, without what encryption adds. */
  download: [index: number, byteLength: number, peer: Peer, request: object]
  /** A peer has more blocks in a row than any before. */
  'remote-contiguous-length': [length: number]
  /** The manifest of the core has arrived from a peer. */
  manifest: []
  /**
   * Two signed versions of the same length exist: the owner of the secret key has signed twice. The core is then frozen,
   * and all its sessions close.
   */
  conflict: [length: number, fork: number, proof: TreeProof]
  /** The session has been moved to another core. */
  migrate: [key: Uint8Array]
  /** Data of a peer failed verification. */
  'verification-error': [error: Error, request: object, response: object, peer: Peer]
  /** A peer has sent an invalid request. */
  'invalid-request': [error: Error, request: object, peer: Peer]
  /** Nodes of the tree are missing, and a proof from a peer is tried to restore them. */
  repairing: [proof: TreeProof]
  /** The tree is complete again. */
  repaired: [proof: TreeProof]
  /** The proof did not restore the missing nodes. */
  'repair-failed': []
}
