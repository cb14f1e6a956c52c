// Key pairs as Hypercore accepts and stores them. The package keychain derives them.

import type { Bytes } from './bytes/bytes.js'

/** An Ed25519 key pair. Parameters accept any `Uint8Array`; results are `Bytes`. */
export interface KeyPair<Key extends Uint8Array = Uint8Array> {
  /** 32 bytes. */
  publicKey: Key
  /** 64 bytes: the seed and the public key, as in libsodium. */
  secretKey: Key
}

/** A key pair that may lack its secret key, such as the key pair of a core that cannot be written. */
export interface StoredKeyPair {
  /** 32 bytes. */
  publicKey: Bytes
  /** 64 bytes; `null` if only the public key is known. */
  secretKey: Bytes | null
}
