// The bytes that the Hypercore stack returns: keys, discovery keys, public keys.

/**
 * A `Buffer` in Node.js, where `core.key.toString('hex')` is the key in hex. Elsewhere a `Uint8Array`, whose `toString` takes no
 * encoding. A program without the types of Node.js (`@types/node`) sees a `Uint8Array`.
 */
export type Bytes = typeof globalThis extends { Buffer: { isBuffer(value: unknown): value is infer Buffer } }
  ? Buffer
  : Uint8Array
