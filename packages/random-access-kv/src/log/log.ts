// Writing the log: where the next record goes, extents and the links between them, and which records are safe from a power
// cut. What is in the records is not known here.

import b4a from 'b4a'
import type { Backlog } from '../checkpoint/backlog.js'
import type { Extent, Space } from '../space/space.js'
import type { Disk } from '../storage/disk.js'
import type { Maybe } from '../storage/storage.js'
import type { ExtentSizes } from './extents.js'
import { encodeLink } from './link.js'
import type { LogEnd, Position } from './position.js'
import {
  BATCH_RECORD,
  bodyLength,
  type Dialect,
  LINK_RECORD,
  RECORD_HEADER,
  type RecordHeader,
  recordEnd,
  recordStart,
  writeRecord,
} from './record.js'
import { Refused } from './refused.js'
import { drawSalt, type Salt } from './salt.js'
import { KEEP_BUFFER, Scratch } from './scratch.js'

/** Room that every extent keeps for the link to the next, wherever in a sector it may come to stand. */
const LINK_SIZE = 112

/** What goes into a record. */
export interface Payload {
  readonly length: number
  /** Writes it to the start of a buffer. */
  encode(into: Uint8Array): void
}

const MARK: Payload = { length: 0, encode: () => {} }

export interface LogParts {
  readonly disk: Disk
  readonly space: Space
  readonly backlog: Backlog
}

export class Log {
  /** The number of the last record. */
  sequence: number
  /** The number of the last record that is safe from a power cut. */
  synced: number
  /** In order; records go to the last. */
  extents: Extent[]
  #offset: number
  #previous: number
  #dialect: Dialect
  /** The checkpoint that the last link names, 0 if none did. */
  linkedGeneration = 0
  /** The number of the last mark. */
  #marked = 0
  /** The bytes of a record header behind the last record, when the log came to rest. */
  #behind: Uint8Array = new Uint8Array(0)
  readonly #records = new Scratch()
  readonly #payloads = new Scratch()
  readonly #disk: Disk
  readonly #space: Space
  readonly #backlog: Backlog
  readonly #pageSize: number
  readonly #sizes: ExtentSizes
  /** Drawn again after a write that failed, so that no later record is taken for the one before what it left behind. */
  #nonce = draw()
  /** Bytes of batches written so far. */
  #bytes = 0
  /** An extent that a link under way leads to. */
  #linking: Extent | null = null
  /** What records that were refused leave behind. */
  readonly #refused: Refused

  constructor({ disk, space, backlog }: LogParts, pageSize: number, sizes: ExtentSizes, end: LogEnd) {
    this.#disk = disk
    this.#space = space
    this.#backlog = backlog
    this.#pageSize = pageSize
    this.#sizes = sizes
    this.extents = end.extents
    this.sequence = end.sequence
    this.synced = end.synced
    this.#offset = end.offset
    this.#previous = end.previous
    this.#dialect = end.dialect
    this.#refused = new Refused(disk, space, backlog, end.hasTorn)
  }

  get position(): Position {
    return {
      extents: this.extents.length,
      offset: this.#offset,
      sequence: this.sequence,
      previous: this.#previous,
      dialect: this.#dialect,
      bytes: this.#bytes,
    }
  }

  /** Pages that refused records refer to, or may. */
  get refusedPages(): readonly Extent[] {
    return this.#refused.pages
  }

  /** Bytes of batches since a position. */
  bytesSince({ bytes }: Position): number {
    return this.#bytes - bytes
  }

  /** Makes what the log holds safe from a power cut. */
  async sync(): Promise<void> {
    const { sequence } = this
    // A mark need not be safe.
    const isSafe = this.synced >= (sequence === this.#marked ? sequence - 1 : sequence)
    if (isSafe && !this.#backlog.isErasureUnsafe) return
    try {
      await this.#backlog.sync()
    } catch (error) {
      this.#backlog.doubtLog()
      throw error
    }
    this.synced = Math.max(this.synced, sequence)
  }

  /**
   * Takes back what was written since a position, by a write that failed as well: it may have arrived all the same. `pages` are what
   * these records refer to; they are free once no record does.
   */
  async retract(to: Position, pages: readonly Extent[]): Promise<void> {
    const left = this.extents.splice(to.extents)
    for (const { page, count } of left) {
      this.#backlog.unsynced.deleteLog(page * this.#pageSize, (page + count) * this.#pageSize)
    }
    this.#refused.add([...pages, ...left, ...(this.#linking === null ? [] : [this.#linking])])
    this.#linking = null
    this.#offset = to.offset
    this.sequence = to.sequence
    this.#previous = to.previous
    this.#dialect = to.dialect
    this.#bytes = to.bytes
    this.#nonce = draw()
    try {
      await this.#erase()
    } catch {
      // Tried again before the next record, which may be that of a checkpoint.
    }
  }

  /** Erases a refused record that could not be erased when it was refused. Nothing else may be writing meanwhile. */
  async clean(): Promise<void> {
    if (this.#refused.mustErase) await this.#erase()
  }

  #erase(): Promise<void> {
    return this.#refused.erase(this.#position(recordStart(this.#offset)))
  }

  /** Appends records, all in one write. If it fails, call `retract`. */
  append(payloads: readonly Payload[]): Maybe<void> {
    if (this.#refused.mustErase) return this.#erase().then(() => this.append(payloads))
    if (this.#endOf(payloads, this.#offset) <= this.#capacity) return this.#write(payloads)
    const linked = this.#link(this.#endOf(payloads, 0), 0)
    return linked instanceof Promise ? linked.then(() => this.#write(payloads)) : this.#write(payloads)
  }

  /** Bytes of the last extent that records may fill. */
  get #capacity(): number {
    const last = this.extents[this.extents.length - 1]
    return last === undefined ? 0 : last.count * this.#pageSize - LINK_SIZE
  }

  #endOf(payloads: readonly Payload[], offset: number): number {
    let end = offset
    for (const { length } of payloads) end = recordEnd(recordStart(end), bodyLength(length, this.#dialect))
    return end
  }

  #write(payloads: readonly Payload[]): Maybe<void> {
    const base = recordStart(this.#offset)
    const end = this.#endOf(payloads, base)
    const buffer = this.#records.take(end - base)
    let o = base
    let sequence = this.sequence
    let previous = this.#previous
    for (const payload of payloads) {
      const start = recordStart(o)
      if (o < start) buffer.fill(0, o - base, start - base)
      const body = this.#payloads.take(bodyLength(payload.length, this.#dialect))
      payload.encode(body)
      sequence++
      const header = this.#header(payload.length, sequence, previous, BATCH_RECORD)
      previous = writeRecord(buffer, base, start, header, body, this.#dialect)
      o = recordEnd(start, body.length)
    }
    const position = this.#position(base)
    const written = this.#disk.write(position, buffer)
    const done = () => {
      // Memory that is used again is copied.
      this.#backlog.keepLog(position, buffer.length > KEEP_BUFFER ? buffer : buffer.slice())
      this.sequence = sequence
      this.#previous = previous
      this.#bytes += end - this.#offset
      this.#offset = end
      this.#refused.overwritten()
    }
    return written instanceof Promise ? written.then(done) : done()
  }

  /**
   * Goes on in a new extent. What is written from here on needs nothing before: the checkpoint `generation`, of all records
   * so far, can start its log there. If it fails, call `retract`.
   */
  start(generation: number): Maybe<void> {
    if (this.#refused.mustErase) return this.#erase().then(() => this.start(generation))
    return this.#link(0, generation)
  }

  /**
   * Says behind the last record, if all are safe, that they are: what is wrong in them is then damage, not torn. The mark is a record
   * without operations. It is not synced itself. Nothing else may be writing meanwhile.
   */
  async mark(): Promise<void> {
    // An extent without records stays empty: what the meta page or the link says about them is enough.
    if (this.#offset === 0 || this.synced < this.sequence || this.#marked === this.sequence) return
    const before = this.position
    try {
      await this.append([MARK])
      this.#marked = this.sequence
    } catch {
      // The batches are safe with a mark and without one.
      await this.retract(before, [])
    }
  }

  /** Where a log that leaves out everything written so far starts; right after `start`. */
  get head(): { extent: Extent; seed: number; salt: Salt } {
    const extent = this.extents[this.extents.length - 1] as Extent
    return { extent, seed: this.#previous, salt: this.#dialect as Salt }
  }

  /** Links to a new extent with room for `size` bytes. */
  #link(size: number, generation: number): Maybe<void> {
    const count = Math.max(this.#sizes.next(this.extents), Math.ceil((size + LINK_SIZE) / this.#pageSize))
    const page = this.#space.allocateFirst(count)
    const extent = { page, count }
    this.#linking = extent
    const dialect = this.#dialect === null ? null : drawSalt()
    const payload = encodeLink({ extent, generation, dialect })
    const body = new Uint8Array(bodyLength(payload.length, this.#dialect))
    body.set(payload)
    const start = recordStart(this.#offset)
    const buffer = new Uint8Array(recordEnd(start, body.length) - start)
    const sequence = this.sequence + 1
    const header = this.#header(payload.length, sequence, this.#previous, LINK_RECORD)
    const previous = writeRecord(buffer, start, start, header, body, this.#dialect)
    const position = this.#position(start)
    const done = () => {
      this.#backlog.keepLog(position, buffer)
      this.#linking = null
      this.linkedGeneration = generation > 0 ? generation : this.linkedGeneration
      this.extents.push(extent)
      this.sequence = sequence
      this.#previous = previous
      // A log of version 2 goes on in version 3 once the checkpoint is durable, for which alone there are links in it.
      this.#dialect = dialect ?? drawSalt()
      this.#offset = 0
      this.#refused.overwritten()
    }
    const written = this.#disk.write(position, buffer)
    return written instanceof Promise ? written.then(done) : done()
  }

  #header(length: number, sequence: number, previous: number, type: number): RecordHeader {
    const unsynced = sequence - 1 - this.synced
    return { length, previous, sequence, type, nonce: this.#nonce, unsynced }
  }

  /** Where `offset` of the last extent is in the file. */
  #position(offset: number): number {
    const last = this.extents[this.extents.length - 1] as Extent
    return last.page * this.#pageSize + offset
  }

  /** Remembers what stands behind the last record: of a torn one after a power cut, of a mark, or nothing. */
  async rest(): Promise<void> {
    this.#behind = await this.#readBehind()
  }

  /** Whether the same stands there as when the log came to rest. */
  async isUntouched(): Promise<boolean> {
    return b4a.equals(this.#behind, await this.#readBehind())
  }

  #readBehind(): Promise<Uint8Array> {
    return this.#disk.readUpTo(this.#position(recordStart(this.#offset)), RECORD_HEADER)
  }
}

/** A number for a header. */
function draw(): number {
  return Math.floor(Math.random() * 0x1_0000_0000)
}
