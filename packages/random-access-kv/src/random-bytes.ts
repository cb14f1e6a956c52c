// Random bytes of the platform. Bare has no Web Crypto: there, `#random-bytes` is random-bytes-bare.ts.

/** @param size at most 65,536 */
export function randomBytes(size: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(size))
}
