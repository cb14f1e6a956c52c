// A derived key pair as callers get it: two plain byte fields, of which printing shows the public one. And the symbol
// that makes an object print its own way under Node.js, which the keychain uses too.
import b4a from 'b4a'

/** A `Buffer` in Node.js, else a `Uint8Array`; as `Bytes` of @coreyard/hypercore-types, which this package does without. */
export type Bytes = typeof globalThis extends {
  Buffer: {
    /** Of Node.js. */
    isBuffer(value: unknown): value is infer Buffer
  }
}
  ? Buffer
  : Uint8Array

/** Names the method that `console.log` and `util.inspect` of Node.js ask. It is registered globally, so no import. */
export const inspect: unique symbol = Symbol.for('nodejs.util.inspect.custom')

/**
 * An Ed25519 key pair in the shape that Hypercore takes. Those that a keychain gives leave the secret key out of
 * `console.log`, `util.inspect` and `JSON.stringify`; a spread copy (`{ ...keyPair }`) does not.
 */
export interface KeyPair {
  /** 32 bytes. */
  readonly publicKey: Bytes
  /** 64 bytes: the 32-byte seed, then the public key. The caller's to keep secret and to wipe. */
  readonly secretKey: Bytes
}

export class DerivedKeyPair implements KeyPair {
  // Two buffers of their own: whoever is handed `publicKey` must not reach the secret key by way of `.buffer`.
  readonly publicKey = b4a.alloc(32) as Bytes
  readonly secretKey = b4a.alloc(64) as Bytes

  toJSON(): { publicKey: string } {
    return { publicKey: b4a.toString(this.publicKey, 'hex') }
  }

  [inspect](): string {
    return `KeyPair { publicKey: ${this.toJSON().publicKey}, secretKey: <hidden> }`
  }
}
