// How a peer proves that it has the key of a core.

import type { NoiseSecretStream } from '@coreyard/hypercore-types'
import crypto from 'hypercore-crypto'
import sodium from 'sodium-universal'

/** 32 bytes: what the initiator of a stream proves to have the key with (hypercore, lib/caps.js). */
export function capability(key: Uint8Array, { handshakeHash }: NoiseSecretStream): Uint8Array {
  const [, initiator = new Uint8Array()] = crypto.namespace('hypercore', 6)
  const hash = new Uint8Array(32)
  sodium.crypto_generichash_batch(hash, [initiator, key], handshakeHash ?? undefined)
  return hash
}
