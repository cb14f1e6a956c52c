// libsodium's secretstream (crypto_secretstream_xchacha20poly1305): what streams of Hyperswarm and Hypercore are encrypted with.
//
// A state is 52 bytes: key (32), counter (4), nonce (8), unused (8). Counter and nonce together are the nonce of ChaCha20.

import { poly1305 } from '@noble/ciphers/_poly1305.js'
import { chacha20, hchacha } from '@noble/ciphers/chacha.js'
import { type Bytes, expectSize } from './bytes.js'
import { randombytes_buf, sodium_increment, sodium_is_zero, sodium_memcmp } from './memory.js'

export const crypto_secretstream_xchacha20poly1305_ABYTES = 17
export const crypto_secretstream_xchacha20poly1305_HEADERBYTES = 24
export const crypto_secretstream_xchacha20poly1305_KEYBYTES = 32
export const crypto_secretstream_xchacha20poly1305_STATEBYTES = 52
export const crypto_secretstream_xchacha20poly1305_TAGBYTES = 1
export const crypto_secretstream_xchacha20poly1305_TAG_MESSAGE = 0
export const crypto_secretstream_xchacha20poly1305_TAG_PUSH = 1
export const crypto_secretstream_xchacha20poly1305_TAG_REKEY = 2
export const crypto_secretstream_xchacha20poly1305_TAG_FINAL = 3

const BLOCK = 64
const MAC = 16
/** "expand 32-byte k", as the numbers that ChaCha20 begins with. */
const SIGMA = new Uint32Array([0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574])
const NONE = new Uint8Array(0)
const ZEROS = new Uint8Array(MAC)

export function crypto_secretstream_xchacha20poly1305_keygen(key: Bytes): void {
  expectSize(key, crypto_secretstream_xchacha20poly1305_KEYBYTES, 'k')
  randombytes_buf(key)
}

export function crypto_secretstream_xchacha20poly1305_init_push(
  state: Bytes,
  header: Bytes,
  key: Bytes,
): void {
  expectSize(header, crypto_secretstream_xchacha20poly1305_HEADERBYTES, 'header')
  randombytes_buf(header)
  crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
}

export function crypto_secretstream_xchacha20poly1305_init_pull(
  state: Bytes,
  header: Bytes,
  key: Bytes,
): void {
  expectSize(state, crypto_secretstream_xchacha20poly1305_STATEBYTES, 'state')
  expectSize(header, crypto_secretstream_xchacha20poly1305_HEADERBYTES, 'header')
  expectSize(key, crypto_secretstream_xchacha20poly1305_KEYBYTES, 'k')
  const derived = new Uint32Array(8)
  hchacha(SIGMA, words(key), words(header.subarray(0, 16)), derived)
  state.fill(0)
  state.set(new Uint8Array(derived.buffer))
  state[32] = 1
  state.set(header.subarray(16), 36)
}

export function crypto_secretstream_xchacha20poly1305_push(
  state: Bytes,
  out: Bytes,
  message: Bytes,
  additional: Bytes | null,
  tag: number,
): number {
  expectSize(state, crypto_secretstream_xchacha20poly1305_STATEBYTES, 'state')
  expectSize(out, message.byteLength + crypto_secretstream_xchacha20poly1305_ABYTES, 'c')
  const [key, nonce] = parts(state)
  const block = tagBlock(key, nonce, tag)
  const size = message.byteLength
  const encrypted = out.subarray(1, 1 + size)
  encrypted.set(chacha20(key, nonce, message, undefined, 2))
  const mac = authenticate(key, nonce, additional ?? NONE, block, encrypted)
  out[0] = block[0] ?? 0
  out.set(mac, 1 + size)
  advance(state, mac, tag)
  return out.byteLength
}

/** Throws, and leaves the state as it was, if this is not the next message of the stream. */
export function crypto_secretstream_xchacha20poly1305_pull(
  state: Bytes,
  out: Bytes,
  tag: Bytes,
  cipher: Bytes,
  additional: Bytes | null,
): number {
  expectSize(state, crypto_secretstream_xchacha20poly1305_STATEBYTES, 'state')
  expectSize(out, cipher.byteLength - crypto_secretstream_xchacha20poly1305_ABYTES, 'm')
  const [key, nonce] = parts(state)
  const encrypted = cipher.subarray(1, cipher.byteLength - MAC)
  const block = tagBlock(key, nonce, cipher[0] ?? 0)
  const found = block[0] ?? 0
  block[0] = cipher[0] ?? 0
  const mac = authenticate(key, nonce, additional ?? NONE, block, encrypted)
  if (!sodium_memcmp(mac, cipher.subarray(cipher.byteLength - MAC))) throw new Error('pull failed')
  out.set(chacha20(key, nonce, encrypted, undefined, 2))
  tag[0] = found
  advance(state, mac, found)
  return out.byteLength
}

export function crypto_secretstream_xchacha20poly1305_rekey(state: Bytes): void {
  const next = new Uint8Array(40)
  next.set(state.subarray(0, 32))
  next.set(state.subarray(36, 44), 32)
  const [key, nonce] = parts(state)
  const mixed = chacha20(key, nonce, next)
  state.set(mixed.subarray(0, 32))
  state.set(mixed.subarray(32), 36)
  state.set([1, 0, 0, 0], 32)
}

/** Copies: noble refuses views that overlap with what it writes. */
function parts(state: Bytes): [key: Bytes, nonce: Bytes] {
  return [state.slice(0, 32), state.slice(32, 44)]
}

/** The first block of the stream after the one for the MAC's key: the encrypted tag, and 63 bytes that only the MAC sees. */
function tagBlock(key: Bytes, nonce: Bytes, tag: number): Bytes {
  const block = new Uint8Array(BLOCK)
  block[0] = tag
  return chacha20(key, nonce, block, undefined, 1)
}

function authenticate(key: Bytes, nonce: Bytes, additional: Bytes, block: Bytes, encrypted: Bytes): Bytes {
  const sizes = new DataView(new ArrayBuffer(16))
  sizes.setBigUint64(0, BigInt(additional.byteLength), true)
  sizes.setBigUint64(8, BigInt(BLOCK + encrypted.byteLength), true)
  const mac = poly1305.create(chacha20(key, nonce, new Uint8Array(BLOCK)).subarray(0, 32))
  mac.update(additional).update(ZEROS.subarray(0, -additional.byteLength & 15))
  // libsodium pads by the size itself, not by the number of missing bytes. It must stay so: old messages must be readable.
  mac
    .update(block)
    .update(encrypted)
    .update(ZEROS.subarray(0, encrypted.byteLength & 15))
  return mac.update(new Uint8Array(sizes.buffer)).digest()
}

function advance(state: Bytes, mac: Bytes, tag: number): void {
  for (let i = 0; i < 8; i++) state[36 + i] = (state[36 + i] ?? 0) ^ (mac[i] ?? 0)
  const counter = state.subarray(32, 36)
  sodium_increment(counter)
  const isRekeyed = (tag & crypto_secretstream_xchacha20poly1305_TAG_REKEY) !== 0
  if (isRekeyed || sodium_is_zero(counter)) crypto_secretstream_xchacha20poly1305_rekey(state)
}

function words(bytes: Bytes): Uint32Array {
  return new Uint32Array(bytes.slice().buffer)
}
