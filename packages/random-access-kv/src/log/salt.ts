// The salt of a log extent: a random number, new each time the log continues in an extent, and part of every checksum of a header in it.
// So earlier content of these pages, including values that an attacker chose, is never taken for a record.

import { randomBytes } from '#random-bytes'
import { setU32, u32 } from '../bytes/bytes.js'

/** Bytes of a salt. */
export const SALT_SIZE = 8

export interface Salt {
  /** What the checksum of a header begins with. */
  readonly header: number
  /** What the stamps of a record begin with. */
  readonly stamp: number
}

export function drawSalt(): Salt {
  return decodeSalt(randomBytes(SALT_SIZE), 0)
}

export function encodeSalt({ header, stamp }: Salt, into: Uint8Array, offset: number): void {
  setU32(into, offset, header)
  setU32(into, offset + 4, stamp)
}

export function decodeSalt(bytes: Uint8Array, offset: number): Salt {
  return { header: u32(bytes, offset), stamp: u32(bytes, offset + 4) }
}
