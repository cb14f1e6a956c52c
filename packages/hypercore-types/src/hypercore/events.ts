// What a session tells its listeners.

import type { Peer } from '../core/peer.js'
import type { TreeProof } from '../proof.js'

/** Events of a Hypercore session, with their arguments. */
export interface HypercoreEvents {
  /** It is open: its fields are set. */
  ready: []
  /** It has closed, or could not be opened. */
  close: []
  /** It has become longer, by this store or by a peer. */
  append: []
  /** It has become shorter: `length` blocks are left of what it was, and `fork` is its new fork. */
  truncate: [length: number, fork: number]
  /** A peer replicates it now. */
  'peer-add': [peer: Peer]
  /** A peer has stopped. */
  'peer-remove': [peer: Peer]
  /** A block has been sent to a peer; `byteLength` in bytes, without what encryption adds. */
  upload: [index: number, byteLength: number, peer: Peer]
  /** A block has come from a peer; `byteLength` in bytes, without what encryption adds. */
  download: [index: number, byteLength: number, peer: Peer, request: object]
  /** A peer has more blocks in a row than any before. */
  'remote-contiguous-length': [length: number]
  /** Its manifest has become known, from a peer. */
  manifest: []
  /**
   * Two signed versions of one length exist: whoever holds the secret key has signed twice. It is frozen then, and all
   * of its sessions close.
   */
  conflict: [length: number, fork: number, proof: TreeProof]
  /** It has been moved to another core. */
  migrate: [key: Uint8Array]
  /** What a peer has sent does not verify. */
  'verification-error': [error: Error, request: object, response: object, peer: Peer]
  /** A peer has asked for what cannot be. */
  'invalid-request': [error: Error, request: object, peer: Peer]
  /** Its tree lacks nodes, and a proof of a peer that may mend it is being tried. */
  repairing: [proof: TreeProof]
  /** Its tree is whole again. */
  repaired: [proof: TreeProof]
  'repair-failed': []
}
