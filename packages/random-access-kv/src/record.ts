// The records of the log: their header, their chain, and telling a torn tail from damage (FORMAT.md, "The log").

import { setU32, setU64, u32, u64 } from './bytes.js'
import { crc32, isOneBitOff } from './checksum.js'

export const RECORD_HEADER = 36
/** Records start at multiples of this from the start of their extent. */
export const RECORD_ALIGN = 4
export const BATCH_RECORD = 1
/** The log goes on in another extent. */
export const LINK_RECORD = 2
/** Bytes of the payload of a link: page and count. */
export const LINK_PAYLOAD = 8

export interface RecordHeader {
  readonly length: number
  /** The header checksum of the record before: what makes the log a chain. */
  readonly previous: number
  readonly sequence: number
  readonly type: number
  /** Drawn at random whenever a store opens, so that no two timelines write the same record. */
  readonly nonce: number
  /** How many records before this one were not known to be safe from a power cut when it was written. */
  readonly unsynced: number
}

export function recordSize(payload: number): number {
  return Math.ceil((RECORD_HEADER + payload) / RECORD_ALIGN) * RECORD_ALIGN
}

/** Puts a header before the payload that stands at `offset + RECORD_HEADER`. Returns its checksum. */
export function sealRecord(bytes: Uint8Array, offset: number, header: RecordHeader): number {
  const b = bytes.subarray(offset, offset + RECORD_HEADER + header.length)
  setU32(b, 0, header.length)
  setU32(b, 4, header.previous)
  setU64(b, 8, header.sequence)
  setU32(b, 16, header.unsynced)
  setU32(b, 20, header.type)
  setU32(b, 24, header.nonce)
  setU32(b, 28, crc32(b.subarray(RECORD_HEADER)))
  const checksum = crc32(b.subarray(0, 32))
  setU32(b, 32, checksum)
  return checksum
}

export function readHeader(b: Uint8Array, offset: number): RecordHeader | null {
  const header = b.subarray(offset, offset + RECORD_HEADER)
  if (header.length < RECORD_HEADER || crc32(header.subarray(0, 32)) !== u32(header, 32)) return null
  return {
    length: u32(header, 0),
    previous: u32(header, 4),
    sequence: u64(header, 8),
    unsynced: u32(header, 16),
    type: u32(header, 20),
    nonce: u32(header, 24),
  }
}

/** What stands at `offset`: a record of this chain, nothing (the end, or a torn write), or damage. */
export type Found = { kind: 'record'; header: RecordHeader; payload: Uint8Array } | { kind: 'end' } | { kind: 'damaged' }

export function readRecord(extent: Uint8Array, offset: number, previous: number, sequence: number): Found {
  const bytes = extent.subarray(offset)
  const header = readHeader(bytes, 0)
  if (header === null) {
    const isFlipped = bytes.length >= RECORD_HEADER && isOneBitOff(bytes.subarray(0, 32), u32(bytes, 32))
    // A flipped bit in what an older log left behind is no damage.
    return isFlipped && isNear(bytes, previous, sequence) ? { kind: 'damaged' } : { kind: 'end' }
  }
  if (header.previous !== previous || header.sequence !== sequence) return { kind: 'end' }
  const payload = bytes.subarray(RECORD_HEADER, RECORD_HEADER + header.length)
  if (payload.length < header.length) return { kind: 'end' }
  const checksum = u32(bytes, 28)
  if (crc32(payload) === checksum) return { kind: 'record', header, payload }
  return isOneBitOff(payload, checksum) ? { kind: 'damaged' } : { kind: 'end' }
}

function isNear(bytes: Uint8Array, previous: number, sequence: number): boolean {
  return u32(bytes, 4) === previous || u64(bytes, 8) === sequence
}

/** Whether a later record in the extent says that record `sequence`, due at `offset`, was safe: then it is damaged. */
export function wasSynced(extent: Uint8Array, offset: number, sequence: number): boolean {
  for (let o = offset + RECORD_ALIGN; o + RECORD_HEADER <= extent.length; o += RECORD_ALIGN) {
    const type = u32(extent, o + 20)
    if (type !== BATCH_RECORD && type !== LINK_RECORD) continue
    const header = readHeader(extent, o)
    if (header !== null && header.sequence > sequence && header.sequence - 1 - header.unsynced >= sequence) {
      return true
    }
  }
  return false
}
