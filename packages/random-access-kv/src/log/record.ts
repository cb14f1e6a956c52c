// The records of the log: header, chain, sector stamps, and telling a torn tail from damage (FORMAT.md, "The log").

import { setU32, setU64, u32, u64 } from '../bytes/bytes.js'
import { crc32, isOneBitOff } from '../bytes/checksum.js'

export const RECORD_HEADER = 36
/** Records start at multiples of this. */
export const RECORD_ALIGN = 4
export const BATCH_RECORD = 1
/** The log goes on in another extent. */
export const LINK_RECORD = 2
/** Bytes of the payload of a link: page, count, and the generation of the checkpoint that wrote it, 0 if none did. */
export const LINK_PAYLOAD = 12

/** What a storage writes whole or not at all. */
const SECTOR = 512
/** Every sector that begins inside a record begins with the checksum of the record's header. */
const STAMP = 4

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

/** Where a record goes that is due at `offset`: its header does not cross into another sector. */
export function recordStart(offset: number): number {
  return (offset % SECTOR) + RECORD_HEADER <= SECTOR ? offset : offset + SECTOR - (offset % SECTOR)
}

/** Where the record after one that starts at `start` is due. */
export function recordEnd(start: number, payload: number): number {
  const from = start + RECORD_HEADER
  const room = (SECTOR - (from % SECTOR)) % SECTOR
  const rest = Math.max(0, payload - room)
  const end = from + payload + Math.ceil(rest / (SECTOR - STAMP)) * STAMP
  return Math.ceil(end / RECORD_ALIGN) * RECORD_ALIGN
}

/**
 * Writes a record. `into` stands for the bytes of the extent from `base` on; the record starts at `start` in the extent.
 * Returns the checksum of its header.
 */
export function writeRecord(
  into: Uint8Array,
  base: number,
  start: number,
  header: RecordHeader,
  payload: Uint8Array,
): number {
  const b = into.subarray(start - base, start - base + RECORD_HEADER)
  setU32(b, 0, payload.length)
  setU32(b, 4, header.previous)
  setU64(b, 8, header.sequence)
  setU32(b, 16, header.unsynced)
  setU32(b, 20, header.type)
  setU32(b, 24, header.nonce)
  setU32(b, 28, crc32(payload))
  const checksum = crc32(b.subarray(0, 32))
  setU32(b, 32, checksum)
  let o = start + RECORD_HEADER
  for (let done = 0; done < payload.length; ) {
    if (o % SECTOR === 0) {
      setU32(into, o - base, checksum)
      o += STAMP
    }
    const size = Math.min(payload.length - done, SECTOR - (o % SECTOR))
    into.set(payload.subarray(done, done + size), o - base)
    done += size
    o += size
  }
  into.fill(0, o - base, recordEnd(start, payload.length) - base)
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

/** What stands at `start`: a record of this chain, nothing (the end, or a torn write), or damage. */
export type Found =
  | { kind: 'record'; header: RecordHeader; payload: Uint8Array; checksum: number; end: number }
  | { kind: 'end' }
  | { kind: 'damaged' }

export function readRecord(extent: Uint8Array, start: number, previous: number, sequence: number): Found {
  const bytes = extent.subarray(start, start + RECORD_HEADER)
  if (bytes.length < RECORD_HEADER) return { kind: 'end' }
  const checksum = u32(bytes, 32)
  const header = readHeader(bytes, 0)
  if (header === null) {
    // A header lies in one sector, which is written whole or not at all. What an older log left behind is no damage.
    const isOurs = u32(bytes, 4) === previous || u64(bytes, 8) === sequence
    return isOurs && isOneBitOff(bytes.subarray(0, 32), checksum) ? { kind: 'damaged' } : { kind: 'end' }
  }
  if (header.previous !== previous || header.sequence !== sequence) return { kind: 'end' }
  const end = recordEnd(start, header.length)
  if (end > extent.length) return { kind: 'end' }
  const { payload, wrongStamps } = gather(extent, start, header.length, checksum)
  const expected = u32(bytes, 28)
  const isRight = crc32(payload) === expected
  if (isRight && wrongStamps.length === 0) return { kind: 'record', header, payload, checksum, end }
  // One wrong bit is damage, a lost sector is wrong in more: in its stamp at least, as what it held before may be the same payload.
  const isDamaged = isRight
    ? wrongStamps.length === 1 && isPowerOfTwo(((wrongStamps[0] as number) ^ checksum) >>> 0)
    : wrongStamps.length === 0 && isOneBitOff(payload, expected)
  return isDamaged ? { kind: 'damaged' } : { kind: 'end' }
}

function isPowerOfTwo(n: number): boolean {
  return n !== 0 && (n & (n - 1)) === 0
}

/** The payload of a record, and the stamps in it that are not as they should be. */
function gather(
  extent: Uint8Array,
  start: number,
  length: number,
  stamp: number,
): { payload: Uint8Array; wrongStamps: number[] } {
  const payload = new Uint8Array(length)
  const wrongStamps: number[] = []
  let o = start + RECORD_HEADER
  for (let done = 0; done < length; ) {
    if (o % SECTOR === 0) {
      if (u32(extent, o) !== stamp) wrongStamps.push(u32(extent, o))
      o += STAMP
    }
    const size = Math.min(length - done, SECTOR - (o % SECTOR))
    payload.set(extent.subarray(o, o + size), done)
    done += size
    o += size
  }
  return { payload, wrongStamps }
}

/** The records in the extent from `offset` on that come after record `sequence`, whatever lies between. */
export function* laterRecords(
  extent: Uint8Array,
  offset: number,
  sequence: number,
): Iterable<{ header: RecordHeader; start: number }> {
  for (let start = offset; start + RECORD_HEADER <= extent.length; start += RECORD_ALIGN) {
    const type = u32(extent, start + 20)
    if (type !== BATCH_RECORD && type !== LINK_RECORD) continue
    const header = readHeader(extent, start)
    if (header !== null && header.sequence > sequence) yield { header, start }
  }
}
