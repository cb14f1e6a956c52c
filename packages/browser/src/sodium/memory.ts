// Random bytes and memory. A browser cannot lock memory: `sodium_malloc` returns ordinary memory, which is wiped when it is freed.

import { type Bytes, expectSize } from './bytes.js'

/** `crypto.getRandomValues` gives at most this many bytes at once. */
const MOST = 65_536

export const randombytes_SEEDBYTES = 32

export function randombytes_buf(bytes: Bytes): void {
  const all = new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < all.byteLength; at += MOST) crypto.getRandomValues(all.subarray(at, at + MOST))
}

export function sodium_memzero(bytes: Bytes): void {
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).fill(0)
}

export function sodium_malloc(size: number): Bytes & { secure: true } {
  return Object.assign(new Uint8Array(size), { secure: true as const })
}

export function sodium_free(bytes: Bytes): void {
  sodium_memzero(bytes)
}

/** Compares in a time that depends on the size alone. */
export function sodium_memcmp(a: Bytes, b: Bytes): boolean {
  expectSize(b, a.byteLength, 'b')
  let difference = 0
  for (let i = 0; i < a.byteLength; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

/** Adds 1 to a number, the lowest byte first. */
export function sodium_increment(bytes: Bytes): void {
  for (let i = 0, carry = 1; i < bytes.byteLength && carry > 0; i++) {
    const sum = (bytes[i] ?? 0) + carry
    bytes[i] = sum & 0xff
    carry = sum >> 8
  }
}

export function sodium_is_zero(bytes: Bytes, size = bytes.byteLength): boolean {
  return bytes.subarray(0, size).every((byte) => byte === 0)
}
