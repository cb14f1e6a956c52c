// The records of the log: header, chain, stamps, and telling a torn tail from damage (FORMAT.md, "The log").

import { setU32, setU64, u32, u64 } from '../bytes/bytes.js'
import { crc32, crc32Portable, flippedBit, isOneBitOff, withFlip } from '../bytes/checksum.js'
import type { Salt } from './salt.js'

export const RECORD_HEADER = 36
/** Records start at multiples of this. */
export const RECORD_ALIGN = 4
export const BATCH_RECORD = 1
/** The log continues in another extent. */
export const LINK_RECORD = 2

/** What a storage writes whole or not at all, unless it tears the last write. */
const SECTOR = 512
/** Bytes of a stamp: every sector that begins inside a record begins with one, and from version 3 on a record ends with one. */
export const STAMP = 4
const CHECKSUM = 32

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

/** How records are written in an extent: null is format version 2, which had no salt and no stamp at the end. */
export type Dialect = Salt | null

/** Where a record goes that is due at `offset`: its header does not cross into another sector. */
export function recordStart(offset: number): number {
  return (offset % SECTOR) + RECORD_HEADER <= SECTOR ? offset : offset + SECTOR - (offset % SECTOR)
}

/** Bytes that follow the header of a record, stamps at the start of sectors left out. */
export function bodyLength(payload: number, dialect: Dialect): number {
  return dialect === null ? payload : payload + STAMP
}

/** Where the record after one that starts at `start` is due. */
export function recordEnd(start: number, body: number): number {
  const from = start + RECORD_HEADER
  const room = (SECTOR - (from % SECTOR)) % SECTOR
  const rest = Math.max(0, body - room)
  const end = from + body + Math.ceil(rest / (SECTOR - STAMP)) * STAMP
  return Math.ceil(end / RECORD_ALIGN) * RECORD_ALIGN
}

/**
 * Writes a record. `into` stands for the bytes of the extent from `base` on; the record starts at `start` in the extent. `body` is the
 * payload, with room for the stamp behind it. Returns the checksum of its header.
 */
export function writeRecord(
  into: Uint8Array,
  base: number,
  start: number,
  header: RecordHeader,
  body: Uint8Array,
  dialect: Dialect,
): number {
  const b = into.subarray(start - base, start - base + RECORD_HEADER)
  setU32(b, 0, header.length)
  setU32(b, 4, header.previous)
  setU64(b, 8, header.sequence)
  setU32(b, 16, header.unsynced)
  setU32(b, 20, header.type)
  setU32(b, 24, header.nonce)
  setU32(b, 28, crc32(body.subarray(0, header.length)))
  const checksum = headerChecksum(b, 0, dialect)
  setU32(b, CHECKSUM, checksum)
  const stamp = stampFor(checksum, dialect)
  if (dialect !== null) setU32(body, header.length, stamp)
  let o = start + RECORD_HEADER
  for (let done = 0; done < body.length; ) {
    if (o % SECTOR === 0) {
      setU32(into, o - base, stamp)
      o += STAMP
    }
    const size = Math.min(body.length - done, SECTOR - (o % SECTOR))
    into.set(body.subarray(done, done + size), o - base)
    done += size
    o += size
  }
  for (const end = recordEnd(start, body.length); o < end; o++) into[o - base] = 0
  return checksum
}

function headerChecksum(b: Uint8Array, offset: number, dialect: Dialect): number {
  return crc32Portable(b, dialect?.header ?? 0, offset, offset + CHECKSUM)
}

const word = new Uint8Array(4)

function stampFor(checksum: number, dialect: Dialect): number {
  if (dialect === null) return checksum
  setU32(word, 0, checksum)
  // Calling zlib for four bytes takes ten times as long.
  return crc32Portable(word, dialect.stamp)
}

/** A header that was read. */
export interface FoundHeader extends RecordHeader {
  /** The checksum of the payload. */
  readonly payload: number
  /** Its own checksum. */
  readonly checksum: number
}

export function readHeader(b: Uint8Array, offset: number, dialect: Dialect): FoundHeader | null {
  if (offset + RECORD_HEADER > b.length) return null
  return headerChecksum(b, offset, dialect) === u32(b, offset + CHECKSUM) ? decodeHeader(b, offset) : null
}

function decodeHeader(b: Uint8Array, o: number): FoundHeader {
  return {
    length: u32(b, o),
    previous: u32(b, o + 4),
    sequence: u64(b, o + 8),
    unsynced: u32(b, o + 16),
    type: u32(b, o + 20),
    nonce: u32(b, o + 24),
    payload: u32(b, o + 28),
    checksum: u32(b, o + CHECKSUM),
  }
}

/** What stands at `start`: a record of this chain, nothing (the end, or a torn write), or damage. */
export type Found =
  | { kind: 'record'; header: FoundHeader; payload: Uint8Array; end: number }
  | { kind: 'end' }
  | { kind: 'damaged' }

/** Where in the chain a record is due. */
export interface Due {
  readonly previous: number
  readonly sequence: number
}

/** Where the payloads of records that are read go. */
export interface Memory {
  take(size: number): Uint8Array
}

const FRESH: Memory = { take: (size) => new Uint8Array(size) }
const END = { kind: 'end' } as const
const DAMAGED = { kind: 'damaged' } as const

/**
 * Reads what is due at `start`. One wrong bit in it is damage if the stamp at its end is right: all of it was written then. Otherwise it
 * may have been torn, at the start of a sector or anywhere in one.
 */
export function readRecord(
  extent: Uint8Array,
  start: number,
  due: Due,
  dialect: Dialect,
  memory: Memory = FRESH,
): Found {
  if (start + RECORD_HEADER > extent.length) return END
  const header = readHeader(extent, start, dialect)
  if (header === null) {
    const right = mended(extent.subarray(start, start + RECORD_HEADER), dialect)
    const body = right === null ? null : bodyOf(extent, start, right, due, dialect, memory)
    return body?.isRight && body.isEndRight && body.wrongStamps.length === 0 ? DAMAGED : END
  }
  const body = bodyOf(extent, start, header, due, dialect, memory)
  if (body === null) return END
  const { payload, isRight, wrongStamps, stamp, isEndRight } = body
  if (isRight && wrongStamps.length === 0) {
    const end = recordEnd(start, bodyLength(header.length, dialect))
    return { kind: 'record', header, payload, end }
  }
  if (!isEndRight) return END
  // A lost sector is wrong in more than one bit: in its stamp at least, as what it held before may be the same payload.
  const isDamaged = isRight
    ? wrongStamps.length === 1 && isPowerOfTwo(((wrongStamps[0] as number) ^ stamp) >>> 0)
    : wrongStamps.length === 0 && isOneBitOff(payload, header.payload)
  return isDamaged ? DAMAGED : END
}

/** A wrong header with one bit turned round so that it is right; null if no single bit does that. */
function mended(header: Uint8Array, dialect: Dialect): FoundHeader | null {
  const bit = flippedBit(header.subarray(0, CHECKSUM), u32(header, CHECKSUM), dialect?.header ?? 0)
  return bit === null ? null : decodeHeader(withFlip(header, bit), 0)
}

function isPowerOfTwo(n: number): boolean {
  return n !== 0 && (n & (n - 1)) === 0
}

interface Body {
  readonly payload: Uint8Array
  /** Whether the payload has its checksum. */
  readonly isRight: boolean
  /** Stamps at the start of sectors that are not as they should be. */
  readonly wrongStamps: number[]
  /** What each stamp should be. */
  readonly stamp: number
  /** Whether the stamp at the end is right. Version 2 had none. */
  readonly isEndRight: boolean
}

/** What follows a right header. Null if that is not the record which is due, or does not fit into the extent. */
function bodyOf(
  extent: Uint8Array,
  start: number,
  { length, previous, sequence, payload: expected, checksum }: FoundHeader,
  due: Due,
  dialect: Dialect,
  memory: Memory,
): Body | null {
  if (previous !== due.previous || sequence !== due.sequence) return null
  const size = bodyLength(length, dialect)
  if (recordEnd(start, size) > extent.length) return null
  const stamp = stampFor(checksum, dialect)
  const { body, wrongStamps } = gather(extent, start, memory.take(size), stamp)
  const payload = body.subarray(0, length)
  const isEndRight = dialect === null || u32(body, length) === stamp
  return { payload, isRight: crc32(payload) === expected, wrongStamps, stamp, isEndRight }
}

/** Fills `body` with what follows the header of a record. Also returns the stamps in it that are not as they should be. */
function gather(
  extent: Uint8Array,
  start: number,
  body: Uint8Array,
  stamp: number,
): { body: Uint8Array; wrongStamps: number[] } {
  const { length } = body
  const wrongStamps: number[] = []
  let o = start + RECORD_HEADER
  for (let done = 0; done < length; ) {
    if (o % SECTOR === 0) {
      if (u32(extent, o) !== stamp) wrongStamps.push(u32(extent, o))
      o += STAMP
    }
    const size = Math.min(length - done, SECTOR - (o % SECTOR))
    body.set(extent.subarray(o, o + size), done)
    done += size
    o += size
  }
  return { body, wrongStamps }
}

/** A record that stands somewhere in an extent. */
export interface LaterRecord {
  readonly header: RecordHeader
  /** Its payload, if all of it is right. */
  readonly payload: Uint8Array | null
}

/** The records in the extent from `offset` on that come after record `sequence`, which ends at `offset` or is due there, whatever lies between. */
export function* laterRecords(
  extent: Uint8Array,
  offset: number,
  sequence: number,
  dialect: Dialect,
): Iterable<LaterRecord> {
  for (let start = offset; start + RECORD_HEADER <= extent.length; start += RECORD_ALIGN) {
    // Most places hold something else: looking at the fields takes less time than a checksum.
    if (!mayStand(extent, start, offset, sequence)) continue
    const header = readHeader(extent, start, dialect)
    if (header === null) continue
    if (recordEnd(start, bodyLength(header.length, dialect)) > extent.length) continue
    const found = readRecord(extent, start, header, dialect)
    yield { header, payload: found.kind === 'record' ? found.payload : null }
  }
}

/**
 * Whether what stands at `start` can be a record of the log, if record `after` ends at `offset`. The checksum alone does not show that: an
 * extent has thousands of places where a header could begin, and in one of some 4 billion, what was there before has the right checksum by
 * chance. One opening in a million would call the store damaged.
 */
function mayStand(extent: Uint8Array, start: number, offset: number, after: number): boolean {
  const type = u32(extent, start + 20)
  if (type !== BATCH_RECORD && type !== LINK_RECORD) return false
  const sequence = u64(extent, start + 8)
  // Each record in between has a header.
  return sequence > after && sequence - after <= 1 + (start - offset) / RECORD_HEADER
}
