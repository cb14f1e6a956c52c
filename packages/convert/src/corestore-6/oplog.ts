// The oplog of Hypercore 10 (lib/oplog.js): two slots for a header, of which the newer one counts, then the entries since it was
// written. What is in them is decoded by hypercore-storage, which keeps the encodings for its own migration.

import {
  type OplogEntry,
  type OplogHeader,
  oplogEntry,
  oplogHeader,
} from '@coreyard/hypercore-port/corestore-6'
import { crc32 } from 'crc-universal'
import { damaged } from './damage.js'
import type { OpenFile, SourceFile } from './source-file.js'

/** Bytes of a slot. Entries begin after two of them. */
const SLOT_BYTES = 4096
/** Before the content of a frame: CRC-32 of all after it, then its length with two flags; four bytes each, little-endian. */
const FRAME_BYTES = 8

export interface Oplog {
  readonly header: OplogHeader
  /** Oldest first. */
  readonly entries: readonly OplogEntry[]
}

interface Frame<T> {
  readonly message: T
  /** Flips with each header; entries have that of the header they follow. */
  readonly bit: number
  /** Whether the entry counts only with the one after it. */
  readonly isPartial: boolean
  /** In bytes, with the header of the frame. */
  readonly size: number
}

/**
 * Reads the oplog of a core.
 *
 * @param folder of the core, in the layout
 * @returns `null` if it has no header: nothing has ever been stored then
 * @throws `STORAGE_CORRUPT` if it is damaged. An incomplete last entry is what a crash leaves, and is no damage
 */
export async function readOplog(open: OpenFile, folder: string): Promise<Oplog | null> {
  const file = await open(`${folder}/oplog`)
  try {
    const bytes = file.size === 0 ? new Uint8Array(0) : await file.read(0, file.size)
    const found = readHeader(bytes)
    if (found === null) {
      if (bytes.some((byte) => byte !== 0)) throw damaged(file.name, 0, 'neither of the two headers is whole')
      return null
    }
    const entries = readEntries(file, bytes, found.bit)
    expectWhole(file, bytes, entries.length)
    const { external } = found.header
    return { header: external === null ? found.header : await readExternal(open, folder, external), entries }
  } finally {
    await file.close()
  }
}

/** The header that counts, and the bit of its entries: 0 if it is in the first slot, 1 if it is in the second. */
function readHeader(bytes: Uint8Array): { header: OplogHeader; bit: number } | null {
  const [first, second] = [0, SLOT_BYTES].map((offset) => readFrame(bytes, offset, oplogHeader.decode))
  const bit = first && second ? first.bit ^ second.bit : Number(!first)
  const frame = bit === 0 ? first : second
  return frame ? { header: frame.message, bit } : null
}

/** A slot that is not whole must be one that was being written in a crash: there are entries of the other one then. */
function expectWhole(file: SourceFile, bytes: Uint8Array, entries: number): void {
  for (const offset of [0, SLOT_BYTES]) {
    if (entries > 0 || readFrame(bytes, offset, oplogHeader.decode) !== null) continue
    if (bytes.subarray(offset, offset + SLOT_BYTES).every((byte) => byte === 0)) continue
    throw damaged(file.name, offset, 'one of the two headers is not whole, which may be the one that counts')
  }
}

function readEntries(file: SourceFile, bytes: Uint8Array, bit: number): OplogEntry[] {
  const frames: Frame<OplogEntry>[] = []
  let offset = 2 * SLOT_BYTES
  for (;;) {
    const frame = readFrame(bytes, offset, oplogEntry.decode)
    if (frame === null || frame.bit !== bit) break
    frames.push(frame)
    offset += frame.size
  }
  expectTorn(file, bytes, offset, bit)
  while (frames.at(-1)?.isPartial) frames.pop()
  return frames.map(({ message }) => message)
}

/** What is no entry must be the last one, cut off by a crash: throws `STORAGE_CORRUPT` if there is a whole one anywhere after it. */
function expectTorn(file: SourceFile, bytes: Uint8Array, offset: number, bit: number): void {
  for (let next = offset + 1; next + FRAME_BYTES <= bytes.byteLength; next++) {
    if (readFrame(bytes, next, oplogEntry.decode)?.bit !== bit) continue
    throw damaged(file.name, offset, 'an entry does not match its checksum, and there are others after it')
  }
}

function readFrame<T>(
  bytes: Uint8Array,
  offset: number,
  decode: (state: { start: number; end: number; buffer: Uint8Array }) => T,
): Frame<T> | null {
  if (offset + FRAME_BYTES > bytes.byteLength) return null
  const start = offset + FRAME_BYTES
  const end = start + lengthAt(bytes, offset)
  const view = viewOf(bytes)
  if (end > bytes.byteLength || crc32(bytes.subarray(offset + 4, end)) !== view.getUint32(offset, true))
    return null
  const flags = view.getUint32(offset + 4, true)
  try {
    const message = decode({ start, end, buffer: bytes })
    return { message, bit: flags & 1, isPartial: (flags & 2) !== 0, size: end - offset }
  } catch {
    return null
  }
}

function lengthAt(bytes: Uint8Array, offset: number): number {
  return viewOf(bytes).getUint32(offset + 4, true) >>> 2
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** A header that is larger than a slot is in a file of its own. */
async function readExternal(
  open: OpenFile,
  folder: string,
  { start, length }: { start: number; length: number },
): Promise<OplogHeader> {
  const file = await open(`${folder}/header`)
  try {
    if (start + length > file.size)
      throw damaged(file.name, file.size, `it should have ${start + length} bytes`)
    return decodeExternal(file.name, start, await file.read(start, length))
  } finally {
    await file.close()
  }
}

function decodeExternal(name: string, offset: number, buffer: Uint8Array): OplogHeader {
  try {
    return oplogHeader.decode({ start: 0, end: buffer.byteLength, buffer })
  } catch {
    throw damaged(name, offset, 'the header there cannot be read')
  }
}
