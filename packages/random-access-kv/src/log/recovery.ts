// Reading the log when a store opens: every batch that is not in the tree yet, up to the end or a torn tail. It only
// reads; what it finds is applied by the engine.

import { plain } from '../bytes/bytes.js'
import { crc32 } from '../bytes/checksum.js'
import { keyedChecksum } from '../bytes/keyed-checksum.js'
import { type FoundMeta, META_SIZE, metaOffset } from '../checkpoint/meta.js'
import { type Guarded, referencesIn } from '../commit/changes.js'
import { damaged } from '../errors.js'
import { nextTurn } from '../event-loop.js'
import type { Extent } from '../space/space.js'
import type { Disk } from '../storage/disk.js'
import { Gathered } from './gathered.js'
import { decodeLink, type Link } from './link.js'
import type { LogEnd } from './position.js'
import { type Dialect, LINK_RECORD, laterRecords, readHeader, readRecord, recordStart } from './record.js'

export interface Recovered {
  /** The changes of all batches, encoded, one after the other. In more than one piece if there are many. */
  readonly changes: Uint8Array[]
  readonly end: LogEnd
  /** Pages that the free list calls free and that the log, or large values it refers to, have taken since. */
  readonly taken: Extent[]
  /** Bytes of batch records. */
  readonly bytes: number
  /** The youngest checkpoint that was attempted, as far as the log knows. */
  readonly attempted: number
}

/** Throws if the log is damaged; and if a meta page is, and the log of this one does not reach to the checkpoint of that one. */
export async function recover(disk: Disk, meta: FoundMeta): Promise<Recovered> {
  const { pageSize, wrongSlot } = meta
  const payloads = new Gathered()
  const extents: Extent[] = [meta.log]
  const taken: Extent[] = []
  let bytes = 0
  let attempted = meta.generation
  let sequence = meta.sequence
  let previous = meta.logSeed
  let dialect: Dialect = meta.salt
  let offset = 0
  let base = meta.log.page * pageSize
  let extent = plain(await disk.readUpTo(base, meta.log.count * pageSize))
  for (;;) {
    const turn = nextTurn()
    if (turn !== null) await turn
    const start = recordStart(offset)
    const found = readRecord(extent, start, { previous, sequence: sequence + 1 }, dialect, payloads)
    if (found.kind === 'damaged') throw damaged(disk.name, base + start, 'A log record')
    const isLink = found.kind === 'record' && found.header.type === LINK_RECORD
    const references = found.kind === 'record' && !isLink ? referencesIn(found.payload) : []
    if (references === null) throw damaged(disk.name, base + start, 'A log record')
    const isSound = references.length === 0 || (await valuesAreSound(disk, pageSize, references))
    if (found.kind === 'end' || !isSound) {
      if (await wasSynced(disk, pageSize, { extent, offset: start, sequence: sequence + 1, dialect }))
        throw damaged(disk.name, base + start, 'A log record')
      // Once the next meta page is safe, this log and its pages are reused: it only counts while it is whole up to there.
      if (wrongSlot !== null && attempted === meta.generation)
        throw damaged(disk.name, wrongSlot, 'A meta page')
      return {
        changes: payloads.finish(),
        taken,
        bytes,
        attempted,
        end: {
          extents,
          offset,
          sequence,
          synced: meta.sequence,
          previous,
          dialect,
          hasTorn: readHeader(extent, start, dialect) !== null,
        },
      }
    }
    sequence++
    previous = found.header.checksum
    if (isLink) {
      const link = decodeLink(found.payload)
      // One of the same slot was attempted in vain when an older meta page counted.
      if ((link.generation - meta.generation) % 2 === 1) attempted = Math.max(attempted, link.generation)
      extents.push(link.extent)
      taken.push(link.extent)
      base = link.extent.page * pageSize
      extent = plain(await disk.readUpTo(base, link.extent.count * pageSize))
      offset = 0
      dialect = link.dialect
      continue
    }
    if (found.payload.length > 0) bytes += found.end - start
    offset = found.end
    payloads.keep(found.payload.length)
    for (const { reference } of references) {
      taken.push({ page: reference.page, count: Math.ceil(reference.length / pageSize) })
    }
  }
}

/** Whether the large values of a batch were written whole before the power went. */
async function valuesAreSound(
  disk: Disk,
  pageSize: number,
  references: readonly Guarded[],
): Promise<boolean> {
  for (const { reference, guard } of references) {
    await nextTurn()
    const { page, length, checksum } = reference
    const value = await disk.readUpTo(page * pageSize, length)
    if (value.length !== length || crc32(value) !== checksum) return false
    if (guard !== null && keyedChecksum(value, guard.key) !== guard.checksum) return false
  }
  return true
}

/** A record that is wrong. */
interface Wrong {
  readonly extent: Uint8Array
  readonly offset: number
  readonly sequence: number
  readonly dialect: Dialect
}

/** Whether a later record says that the wrong one was safe: then it is damaged. */
async function wasSynced(disk: Disk, pageSize: number, wrong: Wrong): Promise<boolean> {
  const { sequence } = wrong
  let { extent, offset, dialect } = wrong
  let after = sequence
  for (;;) {
    let next: Link | null = null
    for (const { header, payload } of laterRecords(extent, offset, after, dialect)) {
      if (header.sequence - 1 - header.unsynced >= sequence) return true
      if (header.type !== LINK_RECORD || payload === null) continue
      next = decodeLink(payload)
      after = header.sequence
    }
    if (next === null) return false
    extent = await disk.readUpTo(next.extent.page * pageSize, next.extent.count * pageSize)
    offset = 0
    dialect = next.dialect
  }
}

/** Writes again what may not be safe: the log, the values that it refers to, and then the meta page that refers to it. */
export async function writeAgain(disk: Disk, meta: FoundMeta, taken: readonly Extent[]): Promise<void> {
  const { pageSize, log } = meta
  const ranges = [...taken, log].map(({ page, count }) => [page * pageSize, count * pageSize] as const)
  for (const [offset, size] of [...ranges, [metaOffset(meta.generation), META_SIZE] as const]) {
    const data = await disk.readUpTo(offset, size)
    if (data.length > 0) await disk.write(offset, data)
  }
}
