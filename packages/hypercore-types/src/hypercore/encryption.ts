// How the blocks of a core are encrypted. The encryption itself is Hypercore's (lib/default-encryption.js) or yours.

import type { Core } from '../core/core.js'

/** An encryption of your own. Blocks are encrypted and decrypted in place. */
export interface EncryptionProvider {
  /** How many bytes the encryption puts in front of the block at `index`. */
  padding(core: Core, index: number): number
  /** Encrypts `block` in place. */
  encrypt(index: number, block: Uint8Array, fork: number, core: Core): unknown
  /** Decrypts `block` in place. */
  decrypt(index: number, block: Uint8Array, core: Core): unknown
}

/** What `encryption` may be. */
export type EncryptionOption =
  /** 32 bytes: the key that a key for the blocks is derived from. */
  | Uint8Array
  | {
      /** 32 bytes. */
      key: Uint8Array
      /** Whether it is the key of the blocks itself. Default: `false`. */
      block?: boolean | undefined
    }
  | EncryptionProvider
