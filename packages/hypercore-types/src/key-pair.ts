// Key pairs as Hypercore takes and keeps them. How one is derived lives in a package of its own (keychain).

import type { Bytes } from './bytes/bytes.js'

/** An Ed25519 key pair: of any bytes where it is taken, of `Bytes` where it is given. */
export interface KeyPair<Key extends Uint8Array = Uint8Array> {
  /** 32 bytes. */
  publicKey: Key
  /** 64 bytes: the seed and the public key, as libsodium keeps it. */
  secretKey: Key
}

/** A key pair that may lack its secret half, as a core keeps that can only be read. */
export interface StoredKeyPair {
  /** 32 bytes. */
  publicKey: Bytes
  /** 64 bytes; `null` where only the public key is known. */
  secretKey: Bytes | null
}
