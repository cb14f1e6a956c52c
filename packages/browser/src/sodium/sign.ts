// Ed25519 as in libsodium: the secret key is the seed followed by the public key, and a signature that libsodium rejects is rejected here
// too. Peers must agree on every signature.

import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { type Bytes, concat, expectSize, toBytes, toNumber } from './bytes.js'
import { randombytes_buf } from './memory.js'

export const crypto_sign_BYTES = 64
export const crypto_sign_SEEDBYTES = 32
export const crypto_sign_PUBLICKEYBYTES = 32
export const crypto_sign_SECRETKEYBYTES = 64

const { Point } = ed25519
const ORDER = Point.Fn.ORDER

export function crypto_sign_seed_keypair(publicKey: Bytes, secretKey: Bytes, seed: Bytes): void {
  expectSize(publicKey, crypto_sign_PUBLICKEYBYTES, 'pk')
  expectSize(secretKey, crypto_sign_SECRETKEYBYTES, 'sk')
  expectSize(seed, crypto_sign_SEEDBYTES, 'seed')
  publicKey.set(ed25519.getPublicKey(seed))
  secretKey.set(seed)
  secretKey.set(publicKey, crypto_sign_SEEDBYTES)
}

export function crypto_sign_keypair(publicKey: Bytes, secretKey: Bytes): void {
  const seed = new Uint8Array(crypto_sign_SEEDBYTES)
  randombytes_buf(seed)
  crypto_sign_seed_keypair(publicKey, secretKey, seed)
  seed.fill(0)
}

export function crypto_sign_ed25519_sk_to_pk(publicKey: Bytes, secretKey: Bytes): void {
  expectSize(publicKey, crypto_sign_PUBLICKEYBYTES, 'pk')
  expectSize(secretKey, crypto_sign_SECRETKEYBYTES, 'sk')
  publicKey.set(secretKey.subarray(crypto_sign_SEEDBYTES))
}

/** RFC 8032, 5.1.6, with the public key that the secret key carries: half the work of deriving it again. */
export function crypto_sign_detached(signature: Bytes, message: Bytes, secretKey: Bytes): void {
  expectSize(signature, crypto_sign_BYTES, 'sig')
  expectSize(secretKey, crypto_sign_SECRETKEYBYTES, 'sk')
  const expanded = sha512(secretKey.subarray(0, crypto_sign_SEEDBYTES))
  const scalar = toNumber(clamp(expanded.subarray(0, 32))) % ORDER
  const nonce = hashToScalar(expanded.subarray(32), message)
  const commitment = Point.BASE.multiply(nonce).toBytes()
  const challenge = hashToScalar(commitment, secretKey.subarray(32), message)
  signature.set(commitment)
  signature.set(toBytes((nonce + challenge * scalar) % ORDER), 32)
  expanded.fill(0)
}

export function crypto_sign_verify_detached(signature: Bytes, message: Bytes, publicKey: Bytes): boolean {
  expectSize(signature, crypto_sign_BYTES, 'sig')
  expectSize(publicKey, crypto_sign_PUBLICKEYBYTES, 'pk')
  const commitment = signature.subarray(0, 32)
  const response = toNumber(signature.subarray(32))
  if (response >= ORDER) return false
  const key = decode(publicKey)
  const point = decode(commitment)
  if (key === null || point === null) return false
  const challenge = hashToScalar(commitment, publicKey, message)
  const expected = Point.BASE.multiplyUnsafe(response).subtract(key.multiplyUnsafe(challenge))
  return expected.equals(point)
}

/** Decodes a point that has the canonical encoding and is not of small order; `null` for any other bytes. */
function decode(bytes: Bytes): InstanceType<typeof Point> | null {
  try {
    const point = Point.fromBytes(bytes)
    return point.isSmallOrder() ? null : point
  } catch {
    return null
  }
}

/** Sets the bits of a secret scalar that are always the same (RFC 8032, 5.1.5). */
function clamp(scalar: Bytes): Bytes {
  scalar[0] = (scalar[0] ?? 0) & 0xf8
  scalar[31] = ((scalar[31] ?? 0) & 0x7f) | 0x40
  return scalar
}

function hashToScalar(...parts: readonly Bytes[]): bigint {
  return toNumber(sha512(concat(parts))) % ORDER
}
