// Key pairs as Hypercore takes and keeps them. How one is derived lives in a package of its own (keychain).

/** An Ed25519 key pair. */
export interface KeyPair {
  /** 32 bytes. */
  publicKey: Uint8Array
  /** 64 bytes: the seed and the public key, as libsodium keeps it. */
  secretKey: Uint8Array
}

/** A key pair that may lack its secret half, as a core keeps that can only be read. */
export interface StoredKeyPair {
  /** 32 bytes. */
  publicKey: Uint8Array
  /** 64 bytes; `null` where only the public key is known. */
  secretKey: Uint8Array | null
}
