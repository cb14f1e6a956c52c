// A checksum that depends on a key. CRC-32 cannot tell a torn value from a whole one if its sectors hold their own CRC-32, as the pages of
// a store do: it is linear, and so any mix of old and new sectors has the same CRC-32. This one is not linear, and whoever chooses the
// values does not know the key.

/** Checks a value that was written before the record that refers to it. */
export interface Guard {
  readonly key: number
  readonly checksum: number
}

/** Four bytes each of two lanes at a time. */
const STEP = 8
const LANE = 0x9e37_79b1

export function keyedChecksum(data: Uint8Array, key: number): number {
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  const multiplier = mix(key) | 1
  const other = mix(key ^ LANE) | 1
  let a = key
  let b = ~key
  let i = 0
  for (; i + STEP <= data.length; i += STEP) {
    a = Math.imul(a ^ view.getInt32(i, true), multiplier)
    a = (a << 15) | (a >>> 17)
    b = Math.imul(b ^ view.getInt32(i + 4, true), other)
    b = (b << 15) | (b >>> 17)
  }
  for (; i < data.length; i++) {
    a = Math.imul(a ^ (data[i] as number), multiplier)
    a = (a << 15) | (a >>> 17)
  }
  return mix(mix(a) ^ b ^ data.length) >>> 0
}

/** Each bit of the result depends on every bit of `n` (the end of MurmurHash3). */
function mix(n: number): number {
  let m = n ^ (n >>> 16)
  m = Math.imul(m, 0x85eb_ca6b)
  m = Math.imul(m ^ (m >>> 13), 0xc2b2_ae35)
  return m ^ (m >>> 16)
}
