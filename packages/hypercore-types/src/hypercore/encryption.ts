// The encryption of the blocks of a core: Hypercore's (lib/default-encryption.js) or a custom one.

import type { Core } from '../core/core.js'

/** A custom encryption. Blocks are encrypted and decrypted in place. */
export interface EncryptionProvider {
  /** Returns how many bytes the encryption puts in front of the block at `index`. */
  padding(core: Core, index: number): number
  /** Encrypts `block` in place. */
  encrypt(index: number, block: Uint8Array, fork: number, core: Core): unknown
  /** Decrypts `block` in place. */
  decrypt(index: number, block: Uint8Array, core: Core): unknown
}

/** A value of the option `encryption`. */
export type EncryptionOption =
  /** 32 bytes: the key that a key for the blocks is derived from. */
  | Uint8Array
  | {
      /** 32 bytes. */
      key: Uint8Array
      /** Whether it encrypts the blocks directly, and no key is derived from it. Default: `false`. */
      block?: boolean | undefined
    }
  | EncryptionProvider
