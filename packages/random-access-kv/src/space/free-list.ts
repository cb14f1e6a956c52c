// The free list as a checkpoint writes it (FORMAT.md, "The free list"), and the space that is free when a store opens.

import { setU32, u32 } from '../bytes/bytes.js'
import { crc32 } from '../bytes/checksum.js'
import type { Meta } from '../checkpoint/meta.js'
import { damaged } from '../errors.js'
import type { Disk } from '../storage/disk.js'
import { type Extent, joinExtents, Space } from './space.js'

/** Bytes of one entry: page and count. */
export const FREE_ENTRY = 8

export function encodeFreeList(extents: readonly Extent[]): Uint8Array {
  const bytes = new Uint8Array(extents.length * FREE_ENTRY)
  extents.forEach(({ page, count }, i) => {
    setU32(bytes, i * FREE_ENTRY, page)
    setU32(bytes, i * FREE_ENTRY + 4, count)
  })
  return bytes
}

export async function readFreeList(disk: Disk, meta: Meta): Promise<Extent[]> {
  if (meta.freeListLength === 0) return []
  const offset = meta.freeList.page * meta.pageSize
  const bytes = await disk.read(offset, meta.freeListLength)
  if (crc32(bytes) !== meta.freeListChecksum) throw damaged(disk.name, offset, 'The free list')
  const extents: Extent[] = []
  for (let o = 0; o < bytes.length; o += FREE_ENTRY)
    extents.push({ page: u32(bytes, o), count: u32(bytes, o + 4) })
  return extents
}

/** What is free, less what the log has taken since the list was written. */
export function spaceWithout(
  disk: Disk,
  meta: Meta,
  free: readonly Extent[],
  taken: readonly Extent[],
): Space {
  const taking = joinExtents(taken)
  const last = taking[taking.length - 1]
  const end = Math.max(meta.pageCount, last === undefined ? 0 : last.page + last.count)
  const space = new Space(end)
  const all = end > meta.pageCount ? [...free, { page: meta.pageCount, count: end - meta.pageCount }] : free
  let next = 0
  for (const hole of joinExtents(all)) {
    let from = hole.page
    const holeEnd = hole.page + hole.count
    for (let t = taking[next]; t !== undefined && t.page < holeEnd; t = taking[++next]) {
      if (t.page < from || t.page + t.count > holeEnd) break
      if (t.page > from) space.release(from, t.page - from)
      from = t.page + t.count
    }
    if (from < holeEnd) space.release(from, holeEnd - from)
  }
  if (next < taking.length) throw damaged(disk.name, meta.freeList.page * meta.pageSize, 'The free list')
  return space
}
