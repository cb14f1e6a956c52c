// The two meta pages: which tree, which free list and which log belong together (FORMAT.md, "Meta pages"). Reading
// them decides whether a storage is a store at all.

import { isZero, setU32, setU64, u32, u64 } from '../bytes/bytes.js'
import { crc32, flippedBit, withFlip } from '../bytes/checksum.js'
import { damaged, KvError } from '../errors.js'
import { decodeSalt, encodeSalt, type Salt } from '../log/salt.js'
import type { Extent } from '../space/space.js'
import type { Disk } from '../storage/disk.js'

/** `RandomKV` in ASCII. */
const MAGIC = [0x52, 0x61, 0x6e, 0x64, 0x6f, 0x6d, 0x4b, 0x56]
/** The format that this version writes. */
const FORMAT_VERSION = 3
/** A store of this version is brought over when it is opened: its log has no salt. */
const OLD_VERSION = 2
/** Bytes of a meta page. One sector, so that it is written whole or not at all. */
export const META_SIZE = 512
/** Where the second meta page starts: in another physical sector than the first. */
export const META_STRIDE = 4096
/** A number that may be anything: it decides what the checksum is. */
const FILLER = 72
const CHECKSUM = META_SIZE - 4

export const MIN_PAGE_SIZE = 512
export const MAX_PAGE_SIZE = 65_536

export interface Meta {
  readonly pageSize: number
  /** Counts checkpoints, from 1. The meta page of generation g stands in slot g % 2. */
  readonly generation: number
  /** Page of the root, 0 for an empty tree. */
  readonly root: number
  readonly pageCount: number
  /** The pages that hold the free list. */
  readonly freeList: Extent
  readonly freeListLength: number
  readonly freeListChecksum: number
  /** Where the log of what is not in the tree yet starts. */
  readonly log: Extent
  /** What the first record of the log has as the checksum of its predecessor. */
  readonly logSeed: number
  /** The number of the last record that is in the tree. */
  readonly sequence: number
  /** Of the extent in which the log starts; null in format version 2. */
  readonly salt: Salt | null
}

/** A meta page as it stands in a file. */
export interface FoundMeta extends Meta {
  /**
   * Where the other slot is, if something wrong is there: the next meta page, torn as it was written, or a damaged one that was
   * younger. The log tells (recovery.ts).
   */
  readonly wrongSlot: number | null
  /**
   * Whether one bit turned round would make it a younger meta page: then it is damaged. No torn one is like that: `retryAfter` and
   * `encodeMeta` see to it. It may be like the older one that it replaces.
   */
  readonly isFlipped: boolean
}

/** Pages at the start of the file that hold the meta pages. */
export function reservedPages(pageSize: number): number {
  return Math.ceil((2 * META_STRIDE) / pageSize)
}

export function metaOffset(generation: number): number {
  return (generation % 2) * META_STRIDE
}

/**
 * The generation of the attempt after one that may stand in the slot: the first byte in which both differ does so in two bits at least.
 * So where one was torn while it was written over the other, what is there is not one bit off either.
 */
export function retryAfter(generation: number): number {
  let next = generation + 2
  while (!hasEvenBytes(next ^ generation)) next += 2
  return next
}

/** Whether each byte has an even number of ones. */
function hasEvenBytes(n: number): boolean {
  let folded = n ^ (n >>> 4)
  folded ^= folded >>> 2
  folded ^= folded >>> 1
  return (folded & 0x0101_0101) === 0
}

/** @param before what stands in the slot: torn in its last bytes, the new meta page is to be more than one bit off */
export function encodeMeta(meta: Meta & { readonly salt: Salt }, before: Uint8Array): Uint8Array {
  const b = new Uint8Array(META_SIZE)
  b.set(MAGIC)
  setU32(b, 8, FORMAT_VERSION)
  setU32(b, 12, meta.pageSize)
  setU32(b, 16, meta.generation)
  setU32(b, 20, meta.root)
  setU32(b, 24, meta.pageCount)
  setU32(b, 28, meta.freeList.page)
  setU32(b, 32, meta.freeList.count)
  setU32(b, 36, meta.freeListLength)
  setU32(b, 40, meta.freeListChecksum)
  setU32(b, 44, meta.log.page)
  setU32(b, 48, meta.log.count)
  setU32(b, 52, meta.logSeed)
  setU64(b, 56, meta.sequence)
  encodeSalt(meta.salt, b, 64)
  for (let filler = 0; filler === 0 || isOneBitOffIfTorn(b, before); filler++) {
    setU32(b, FILLER, filler)
    setU32(b, CHECKSUM, crc32(b.subarray(0, CHECKSUM)))
  }
  return b
}

/** Whether it would be one bit off if only some bytes of its checksum were written over `before`. */
function isOneBitOffIfTorn(after: Uint8Array, before: Uint8Array): boolean {
  let bits = 0
  for (let i = META_SIZE - 1; i > CHECKSUM; i--) {
    let difference = (after[i] as number) ^ (before[i] ?? 0)
    for (; difference !== 0; difference &= difference - 1) bits++
    if (bits === 1) return true
  }
  return false
}

function decodeMeta(b: Uint8Array): Meta {
  return {
    pageSize: u32(b, 12),
    generation: u32(b, 16),
    root: u32(b, 20),
    pageCount: u32(b, 24),
    freeList: { page: u32(b, 28), count: u32(b, 32) },
    freeListLength: u32(b, 36),
    freeListChecksum: u32(b, 40),
    log: { page: u32(b, 44), count: u32(b, 48) },
    logSeed: u32(b, 52),
    sequence: u64(b, 56),
    salt: u32(b, 8) === OLD_VERSION ? null : decodeSalt(b, 64),
  }
}

/** What stands in a slot. */
interface Slot {
  /** Null if no meta page is there, or a wrong one. */
  readonly meta: Meta | null
  /** If one bit turned round would make it a meta page, the generation of that; 0 otherwise. */
  readonly flipped: number
}

function readSlot(disk: Disk, slot: number, bytes: Uint8Array): Slot {
  if (bytes.length < META_SIZE) return { meta: null, flipped: 0 }
  const expected = u32(bytes, CHECKSUM)
  const covered = bytes.subarray(0, CHECKSUM)
  if (crc32(covered) !== expected) {
    const bit = flippedBit(covered, expected, 0)
    if (bit === null) checkVersion(disk, bytes)
    return { meta: null, flipped: bit === null ? 0 : decodeMeta(withFlip(bytes, bit)).generation }
  }
  if (!isMagic(bytes)) return { meta: null, flipped: 0 }
  checkVersion(disk, bytes)
  const meta = decodeMeta(bytes)
  // A copy of the other slot hides what was here.
  if (meta.generation % 2 !== slot) throw damaged(disk.name, slot * META_STRIDE, 'A meta page')
  return { meta, flipped: 0 }
}

function checkVersion(disk: Disk, bytes: Uint8Array): void {
  const version = u32(bytes, 8)
  // A version of 0 was torn.
  if (!isMagic(bytes) || [0, OLD_VERSION, FORMAT_VERSION].includes(version)) return
  throw new KvError(
    'KV_FORMAT_VERSION',
    `${disk.name} has format ${version}; this version knows formats ${OLD_VERSION} and ${FORMAT_VERSION}. Nothing was changed`,
    { file: disk.name },
  )
}

function isMagic(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte)
}

/** Whether nothing was written but zeros and, where the first meta page goes, no more than the beginning of its first field. */
function isUnmade(bytes: Uint8Array): boolean {
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1
  const written = bytes.subarray(META_STRIDE, end)
  if (!isZero(bytes.subarray(0, META_STRIDE)) || written.length > MAGIC.length) return false
  return written.every((byte, i) => byte === MAGIC[i])
}

/**
 * Reads both meta pages and returns the youngest, or null if the storage is empty or creating a store there was
 * interrupted before it was ever ready.
 */
export async function readMeta(disk: Disk): Promise<FoundMeta | null> {
  const bytes = await disk.readUpTo(0, META_STRIDE + META_SIZE + 1)
  const hasPages = bytes.length > META_STRIDE + META_SIZE
  if (!hasPages && isUnmade(bytes)) return null
  const first = bytes.subarray(0, META_SIZE)
  const second = bytes.subarray(META_STRIDE, META_STRIDE + META_SIZE)
  const slots = [readSlot(disk, 0, first), readSlot(disk, 1, second)] as const
  const [even, odd] = [slots[0].meta, slots[1].meta]
  if (even !== null && odd !== null) {
    return { ...(even.generation > odd.generation ? even : odd), wrongSlot: null, isFlipped: false }
  }
  if (even !== null) return { ...even, wrongSlot: META_STRIDE, isFlipped: slots[1].flipped > even.generation }
  // A store begins with generation 1, in slot 1, and nothing in slot 0.
  if (odd !== null) {
    const wrongSlot = odd.generation === 1 && isZero(first) ? null : 0
    return { ...odd, wrongSlot, isFlipped: slots[0].flipped > odd.generation }
  }
  if (slots[0].flipped > 0 || slots[1].flipped > 0)
    throw damaged(disk.name, slots[0].flipped > 0 ? 0 : META_STRIDE, 'A meta page')
  if (isMagic(first) || isMagic(second)) {
    // Torn as it was made, it was never ready: nothing was written behind it.
    if (isZero(first) && !hasPages) return null
    throw damaged(disk.name, isZero(first) ? META_STRIDE : 0, 'Each meta page')
  }
  throw new KvError(
    'KV_NOT_A_STORE',
    `${disk.name} holds something that is no store: give an empty storage, or one written by this package`,
    { file: disk.name },
  )
}
