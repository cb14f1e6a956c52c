// XSalsa20: the stream, with Poly1305 the secret box, and with Curve25519 the sealed box.

import { hsalsa, xsalsa20, xsalsa20poly1305 } from '@noble/ciphers/salsa.js'
import { blake2b } from '@noble/hashes/blake2.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { type Bytes, concat, expectSize } from './bytes.js'
import { crypto_scalarmult, crypto_scalarmult_base } from './curve.js'
import { randombytes_buf } from './memory.js'

export const crypto_stream_KEYBYTES = 32
export const crypto_stream_NONCEBYTES = 24
export const crypto_secretbox_KEYBYTES = 32
export const crypto_secretbox_NONCEBYTES = 24
export const crypto_secretbox_MACBYTES = 16
export const crypto_box_SEEDBYTES = 32
export const crypto_box_PUBLICKEYBYTES = 32
export const crypto_box_SECRETKEYBYTES = 32
export const crypto_box_NONCEBYTES = 24
export const crypto_box_MACBYTES = 16
export const crypto_box_SEALBYTES: number = crypto_box_PUBLICKEYBYTES + crypto_box_MACBYTES

/** "expand 32-byte k", as the numbers that Salsa20 begins with. */
const SIGMA = new Uint32Array([0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574])

export function crypto_stream_xor(out: Bytes, message: Bytes, nonce: Bytes, key: Bytes): void {
  expectSize(out, message.byteLength, 'c')
  expectSize(nonce, crypto_stream_NONCEBYTES, 'n')
  expectSize(key, crypto_stream_KEYBYTES, 'k')
  out.set(xsalsa20(key, nonce, message))
}

export function crypto_secretbox_easy(out: Bytes, message: Bytes, nonce: Bytes, key: Bytes): void {
  expectSize(out, message.byteLength + crypto_secretbox_MACBYTES, 'c')
  expectSize(nonce, crypto_secretbox_NONCEBYTES, 'n')
  expectSize(key, crypto_secretbox_KEYBYTES, 'k')
  out.set(xsalsa20poly1305(key, nonce).encrypt(message))
}

export function crypto_secretbox_open_easy(out: Bytes, cipher: Bytes, nonce: Bytes, key: Bytes): boolean {
  expectSize(out, cipher.byteLength - crypto_secretbox_MACBYTES, 'm')
  expectSize(nonce, crypto_secretbox_NONCEBYTES, 'n')
  expectSize(key, crypto_secretbox_KEYBYTES, 'k')
  try {
    out.set(xsalsa20poly1305(key, nonce).decrypt(cipher))
    return true
  } catch {
    return false
  }
}

export function crypto_box_keypair(publicKey: Bytes, secretKey: Bytes): void {
  expectSize(secretKey, crypto_box_SECRETKEYBYTES, 'sk')
  randombytes_buf(secretKey)
  crypto_scalarmult_base(publicKey, secretKey)
}

export function crypto_box_seed_keypair(publicKey: Bytes, secretKey: Bytes, seed: Bytes): void {
  expectSize(secretKey, crypto_box_SECRETKEYBYTES, 'sk')
  expectSize(seed, crypto_box_SEEDBYTES, 'seed')
  secretKey.set(sha512(seed).subarray(0, crypto_box_SECRETKEYBYTES))
  crypto_scalarmult_base(publicKey, secretKey)
}

export function crypto_box_seal(out: Bytes, message: Bytes, publicKey: Bytes): void {
  expectSize(out, message.byteLength + crypto_box_SEALBYTES, 'c')
  const own = new Uint8Array(crypto_box_PUBLICKEYBYTES)
  const secret = new Uint8Array(crypto_box_SECRETKEYBYTES)
  crypto_box_keypair(own, secret)
  out.set(own)
  const sealed = out.subarray(crypto_box_PUBLICKEYBYTES)
  crypto_secretbox_easy(sealed, message, sealNonce(own, publicKey), sharedKey(secret, publicKey))
  secret.fill(0)
}

export function crypto_box_seal_open(out: Bytes, cipher: Bytes, publicKey: Bytes, secretKey: Bytes): boolean {
  expectSize(out, cipher.byteLength - crypto_box_SEALBYTES, 'm')
  expectSize(publicKey, crypto_box_PUBLICKEYBYTES, 'pk')
  expectSize(secretKey, crypto_box_SECRETKEYBYTES, 'sk')
  const theirs = cipher.subarray(0, crypto_box_PUBLICKEYBYTES)
  const sealed = cipher.subarray(crypto_box_PUBLICKEYBYTES)
  let key: Bytes
  try {
    key = sharedKey(secretKey, theirs)
  } catch {
    return false // the public key in the message has small order
  }
  return crypto_secretbox_open_easy(out, sealed, sealNonce(theirs, publicKey), key)
}

function sealNonce(own: Bytes, publicKey: Bytes): Bytes {
  return blake2b(concat([own, publicKey]), { dkLen: crypto_box_NONCEBYTES })
}

function sharedKey(secretKey: Bytes, publicKey: Bytes): Bytes {
  const point = new Uint8Array(32)
  crypto_scalarmult(point, secretKey, publicKey)
  const key = new Uint8Array(32)
  hsalsa(SIGMA, words(point), new Uint32Array(4), words(key))
  return key
}

function words(bytes: Bytes): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
}
