// A derived key pair as callers get it: two byte fields, of which printing shows only the public one. Also the symbol with which an object
// defines how Node.js prints it; the keychain uses it, too.
import b4a from 'b4a'

/**
 * A `Buffer` in Node.js, otherwise a `Uint8Array`: the same as `Bytes` of @coreyard/hypercore-types, on which this package does not depend.
 */
export type Bytes = typeof globalThis extends {
  Buffer: {
    /** Of Node.js. */
    isBuffer(value: unknown): value is infer Buffer
  }
}
  ? Buffer
  : Uint8Array

/** The name of the method that `console.log` and `util.inspect` of Node.js call. It is registered globally, so it needs no import. */
export const inspect: unique symbol = Symbol.for('nodejs.util.inspect.custom')

/**
 * An Ed25519 key pair in the shape that Hypercore takes. Key pairs returned by a keychain hide the secret key from `console.log`,
 * `util.inspect` and `JSON.stringify`. `console.dir` and a spread copy (`{ ...keyPair }`) show it.
 */
export interface KeyPair {
  /** 32 bytes. */
  readonly publicKey: Bytes
  /** 64 bytes: the 32-byte seed, then the public key. The caller must keep it secret, and wipe it after use. */
  readonly secretKey: Bytes
}

export class DerivedKeyPair implements KeyPair {
  // Two separate buffers, so that code that receives `publicKey` cannot reach the secret key through `.buffer`.
  readonly publicKey = b4a.alloc(32) as Bytes
  readonly secretKey = b4a.alloc(64) as Bytes

  toJSON(): { publicKey: string } {
    return { publicKey: b4a.toString(this.publicKey, 'hex') }
  }

  [inspect](): string {
    return `KeyPair { publicKey: ${this.toJSON().publicKey}, secretKey: <hidden> }`
  }
}
