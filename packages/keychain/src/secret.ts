/// <reference types="@coreyard/hypercore-types/ambient" />
// Memory for secrets, and the primary key in it. This file does not depend on namespaces or names.
import b4a from 'b4a'
import sodium from 'sodium-universal'
import { KeychainError } from './errors.js'

/**
 * Zeroed memory for a secret that stays in this process. A buffer of its own: an engine may keep a small typed array
 * on its own heap, where the garbage collector leaves copies behind, and Node.js shares one slab among small buffers.
 */
export function allocateSecret(length: number): Uint8Array {
  return new Uint8Array(new ArrayBuffer(length))
}

/** Overwrites with zeroes, in a way that no optimizer leaves out. */
export function wipe(bytes: Uint8Array): void {
  sodium.sodium_memzero(bytes)
}

/** A primary key that can be hashed with and wiped, and that printing does not reach. */
export class Secret {
  readonly #bytes: Uint8Array
  #destroyed = false

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Copies `primaryKey` (32 bytes), which stays the caller's to wipe. */
  static copyOf(primaryKey: Uint8Array): Secret {
    const bytes = allocateSecret(32)
    bytes.set(primaryKey)
    return new Secret(bytes)
  }

  static random(): Secret {
    const bytes = allocateSecret(32)
    sodium.randombytes_buf(bytes)
    return new Secret(bytes)
  }

  get destroyed(): boolean {
    return this.#destroyed
  }

  /** Writes BLAKE2b-256 of the joined `parts`, keyed with the secret, to `out` (32 bytes). */
  hash(out: Uint8Array, parts: Uint8Array[]): void {
    this.assertUsable()
    sodium.crypto_generichash_batch(out, parts, this.#bytes)
  }

  /** A copy in memory that the caller owns. */
  export(): Uint8Array {
    this.assertUsable()
    const copy = b4a.alloc(32)
    copy.set(this.#bytes)
    return copy
  }

  destroy(): void {
    this.#destroyed = true
    wipe(this.#bytes)
  }

  assertUsable(): void {
    if (!this.#destroyed) return
    throw new KeychainError(
      'KEYCHAIN_DESTROYED',
      'The keychain, or one that shares its primary key, was destroyed: make a new one with Keychain.from(primaryKey)',
    )
  }
}
