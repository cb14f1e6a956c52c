// Checks and helpers that every function of this folder uses.

export type Bytes = Uint8Array

/** Throws, as sodium-native does, unless the bytes have that size. */
export function expectSize(bytes: Bytes, size: number, name: string): void {
  if (!ArrayBuffer.isView(bytes)) throw new TypeError(`${name} must be a typed array`)
  if (bytes.byteLength !== size) throw new Error(`${name} must be ${size} bytes, not ${bytes.byteLength}`)
}

export function concat(parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.byteLength, 0))
  let offset = 0
  for (const part of parts) {
    all.set(part, offset)
    offset += part.byteLength
  }
  return all
}

/** A number from bytes, the lowest byte first. */
export function toNumber(bytes: Bytes): bigint {
  let number = 0n
  for (let i = bytes.byteLength - 1; i >= 0; i--) number = (number << 8n) | BigInt(bytes[i] ?? 0)
  return number
}

/** 32 bytes of a number, the lowest byte first. */
export function toBytes(number: bigint): Bytes {
  const bytes = new Uint8Array(32)
  for (let i = 0, rest = number; i < 32; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn)
  return bytes
}
