// BLAKE2b and SHA-512.

import { blake2b } from '@noble/hashes/blake2.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { type Bytes, expectSize } from './bytes.js'

export const crypto_generichash_BYTES = 32
export const crypto_generichash_BYTES_MIN = 16
export const crypto_generichash_BYTES_MAX = 64
export const crypto_generichash_KEYBYTES = 32
export const crypto_generichash_KEYBYTES_MIN = 16
export const crypto_generichash_KEYBYTES_MAX = 64
export const crypto_hash_sha512_BYTES = 64

export function crypto_generichash(out: Bytes, input: Bytes, key?: Bytes | null): void {
  crypto_generichash_batch(out, [input], key)
}

export function crypto_generichash_batch(out: Bytes, inputs: readonly Bytes[], key?: Bytes | null): void {
  if (out.byteLength < crypto_generichash_BYTES_MIN || out.byteLength > crypto_generichash_BYTES_MAX) {
    throw new Error(`output must be 16 to 64 bytes, not ${out.byteLength}`)
  }
  if (
    key &&
    (key.byteLength < crypto_generichash_KEYBYTES_MIN || key.byteLength > crypto_generichash_KEYBYTES_MAX)
  ) {
    throw new Error(`key must be 16 to 64 bytes, not ${key.byteLength}`)
  }
  const hash = blake2b.create({ dkLen: out.byteLength, ...(key ? { key } : {}) })
  for (const input of inputs) hash.update(input)
  out.set(hash.digest())
}

export function crypto_hash_sha512(out: Bytes, input: Bytes): void {
  expectSize(out, crypto_hash_sha512_BYTES, 'out')
  out.set(sha512(input))
}
