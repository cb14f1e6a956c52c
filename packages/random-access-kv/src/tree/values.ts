// Large values: kept in pages of their own, and referred to by page, length and checksum from a leaf (FORMAT.md, "Values").

import b4a from 'b4a'
import { setU32, u32 } from '../bytes/bytes.js'
import { crc32 } from '../bytes/checksum.js'
import { damaged } from '../errors.js'
import type { PageSource } from '../storage/disk.js'
import type { Maybe } from '../storage/storage.js'
import { NODE_HEADER, REFERENCE } from './node.js'

/**
 * Large values of up to this many bytes go through the log, and to their pages with the next checkpoint: written again and again,
 * as Hypercore's bitfields of 4 KB are, they take one place. Larger ones are written once, and the log refers to them, too.
 */
export const MAX_LOGGED = 8192

export interface Reference {
  readonly page: number
  readonly length: number
  readonly checksum: number
}

/** Whether a key and a value of so many bytes are too large for a leaf: two cells of the largest kind must fit into a page. */
export function isLarge(key: number, value: number, pageSize: number): boolean {
  if (value <= REFERENCE) return false
  const half = ((pageSize - NODE_HEADER) >>> 1) - 2
  return 4 + key + value > half
}

export function encodeReference(reference: Reference): Uint8Array {
  const bytes = new Uint8Array(REFERENCE)
  setU32(bytes, 0, reference.page)
  setU32(bytes, 4, reference.length)
  setU32(bytes, 8, reference.checksum)
  return bytes
}

export function decodeReference(bytes: Uint8Array): Reference {
  return { page: u32(bytes, 0), length: u32(bytes, 4), checksum: u32(bytes, 8) }
}

/** Reads a large value and checks it. */
export function readValue(source: PageSource, pageSize: number, reference: Reference): Maybe<Uint8Array> {
  const offset = reference.page * pageSize
  const data = source.read(offset, reference.length)
  return data instanceof Promise ? data.then((late) => check(late)) : check(data)

  function check(value: Uint8Array): Uint8Array {
    if (crc32(value) !== reference.checksum) throw damaged(source.name, offset, 'A large value')
    // Of the same kind as small values, whatever the storage gave.
    return b4a.toBuffer(value)
  }
}
