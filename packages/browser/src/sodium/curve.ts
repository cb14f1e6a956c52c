// Diffie-Hellman: on Curve25519, and on Ed25519 with a scalar as it is, which the Noise handshake of Hyperswarm uses.

import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { blake2b } from '@noble/hashes/blake2.js'
import { type Bytes, expectSize, toNumber } from './bytes.js'
import { randombytes_buf } from './memory.js'

export const crypto_scalarmult_BYTES = 32
export const crypto_scalarmult_SCALARBYTES = 32
export const crypto_scalarmult_ed25519_BYTES = 32
export const crypto_scalarmult_ed25519_SCALARBYTES = 32
export const crypto_kx_SEEDBYTES = 32
export const crypto_kx_PUBLICKEYBYTES = 32
export const crypto_kx_SECRETKEYBYTES = 32

const { Point } = ed25519

export function crypto_scalarmult(out: Bytes, scalar: Bytes, publicKey: Bytes): void {
  expectSize(out, crypto_scalarmult_BYTES, 'q')
  expectSize(scalar, crypto_scalarmult_SCALARBYTES, 'n')
  expectSize(publicKey, crypto_scalarmult_BYTES, 'p')
  out.set(x25519.getSharedSecret(scalar, publicKey))
}

export function crypto_scalarmult_base(out: Bytes, scalar: Bytes): void {
  expectSize(out, crypto_scalarmult_BYTES, 'q')
  expectSize(scalar, crypto_scalarmult_SCALARBYTES, 'n')
  out.set(x25519.getPublicKey(scalar))
}

/** Throws for a point that is not in the main subgroup, and for a scalar that gives the neutral element. */
export function crypto_scalarmult_ed25519_noclamp(out: Bytes, scalar: Bytes, publicKey: Bytes): void {
  expectSize(out, crypto_scalarmult_ed25519_BYTES, 'q')
  expectSize(scalar, crypto_scalarmult_ed25519_SCALARBYTES, 'n')
  expectSize(publicKey, crypto_scalarmult_ed25519_BYTES, 'p')
  const point = Point.fromBytes(publicKey)
  if (point.isSmallOrder() || !point.isTorsionFree()) throw new Error('p is not in the main subgroup')
  // libsodium ignores the highest bit.
  const factor = (toNumber(scalar) & ((1n << 255n) - 1n)) % Point.Fn.ORDER
  if (factor === 0n) throw new Error('n gives the neutral element')
  out.set(point.multiply(factor).toBytes())
}

export function crypto_kx_keypair(publicKey: Bytes, secretKey: Bytes): void {
  expectSize(secretKey, crypto_kx_SECRETKEYBYTES, 'sk')
  randombytes_buf(secretKey)
  crypto_scalarmult_base(publicKey, secretKey)
}

export function crypto_kx_seed_keypair(publicKey: Bytes, secretKey: Bytes, seed: Bytes): void {
  expectSize(secretKey, crypto_kx_SECRETKEYBYTES, 'sk')
  expectSize(seed, crypto_kx_SEEDBYTES, 'seed')
  secretKey.set(blake2b(seed, { dkLen: crypto_kx_SECRETKEYBYTES }))
  crypto_scalarmult_base(publicKey, secretKey)
}
