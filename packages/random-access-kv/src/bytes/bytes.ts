// Little-endian fields in byte arrays, and the order of keys. Nothing here knows what the fields mean.

import b4a from 'b4a'

export function u16(b: Uint8Array, o: number): number {
  return (b[o] as number) | ((b[o + 1] as number) << 8)
}

export function u32(b: Uint8Array, o: number): number {
  return (u16(b, o) | (u16(b, o + 2) << 16)) >>> 0
}

/** Reads a 64-bit integer that is known to stay below 2^53. */
export function u64(b: Uint8Array, o: number): number {
  return u32(b, o) + u32(b, o + 4) * 0x1_0000_0000
}

export function setU16(b: Uint8Array, o: number, v: number): void {
  b[o] = v
  b[o + 1] = v >>> 8
}

export function setU32(b: Uint8Array, o: number, v: number): void {
  b[o] = v
  b[o + 1] = v >>> 8
  b[o + 2] = v >>> 16
  b[o + 3] = v >>> 24
}

export function setU64(b: Uint8Array, o: number, v: number): void {
  setU32(b, o, v % 0x1_0000_0000)
  setU32(b, o + 4, Math.floor(v / 0x1_0000_0000))
}

/** Up to this many bytes, a loop copies faster than a call. */
const SHORT = 24

/** Copies bytes to an offset of others. */
export function setBytes(into: Uint8Array, o: number, bytes: Uint8Array): void {
  if (bytes.length > SHORT) into.set(bytes, o)
  else for (let i = 0; i < bytes.length; i++) into[o + i] = bytes[i] as number
}

/** The same bytes as a plain `Uint8Array`: the engine runs code for one class faster than for two, and `subarray` of a buffer of Node.js is slow. */
export function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** A copy; a buffer of Node.js where there is such a thing. It takes half as long as its `from`. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = b4a.allocUnsafe(bytes.length)
  copy.set(bytes)
  return copy
}

/** Compares as unsigned bytes; a prefix sorts before what it is a prefix of. */
export function compare(a: Uint8Array, b: Uint8Array): number {
  const n = Math.min(a.length, b.length)
  for (let i = 0; i < n; i++) {
    const d = (a[i] as number) - (b[i] as number)
    if (d !== 0) return d
  }
  return a.length - b.length
}

/** The smallest key that sorts after `key`: `key` and a zero byte. */
export function successor(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1)
  next.set(key)
  return next
}

export function isZero(b: Uint8Array): boolean {
  return b.every((byte) => byte === 0)
}
