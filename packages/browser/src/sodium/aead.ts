// ChaCha20-Poly1305 of RFC 8439, for the Noise handshake.

import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { type Bytes, expectSize } from './bytes.js'

export const crypto_aead_chacha20poly1305_ietf_ABYTES = 16
export const crypto_aead_chacha20poly1305_ietf_KEYBYTES = 32
export const crypto_aead_chacha20poly1305_ietf_NPUBBYTES = 12
export const crypto_aead_chacha20poly1305_ietf_NSECBYTES = 0

export function crypto_aead_chacha20poly1305_ietf_encrypt(
  out: Bytes,
  message: Bytes,
  additional: Bytes | null,
  _secretNonce: null,
  nonce: Bytes,
  key: Bytes,
): number {
  expectSize(out, message.byteLength + crypto_aead_chacha20poly1305_ietf_ABYTES, 'c')
  out.set(cipher(key, nonce, additional).encrypt(message))
  return out.byteLength
}

/** Throws if the message was not encrypted with this key, nonce and additional data. */
export function crypto_aead_chacha20poly1305_ietf_decrypt(
  out: Bytes,
  _secretNonce: null,
  encrypted: Bytes,
  additional: Bytes | null,
  nonce: Bytes,
  key: Bytes,
): number {
  expectSize(out, encrypted.byteLength - crypto_aead_chacha20poly1305_ietf_ABYTES, 'm')
  out.set(cipher(key, nonce, additional).decrypt(encrypted))
  return out.byteLength
}

function cipher(key: Bytes, nonce: Bytes, additional: Bytes | null): ReturnType<typeof chacha20poly1305> {
  expectSize(nonce, crypto_aead_chacha20poly1305_ietf_NPUBBYTES, 'npub')
  expectSize(key, crypto_aead_chacha20poly1305_ietf_KEYBYTES, 'k')
  return chacha20poly1305(key, nonce, additional ?? undefined)
}
