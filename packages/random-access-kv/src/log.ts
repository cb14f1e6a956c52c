// Writing the log: where the next record goes, extents and the links between them, and which records are safe from a power
// cut. What is in the records is not known here.

import { setU32 } from './bytes.js'
import {
  BATCH_RECORD,
  LINK_PAYLOAD,
  LINK_RECORD,
  RECORD_HEADER,
  type RecordHeader,
  readHeader,
  recordEnd,
  recordStart,
  writeRecord,
} from './record.js'
import type { Extent, Space } from './space.js'
import type { File, Maybe } from './storage.js'

/** Room that every extent keeps for the link to the next, wherever in a sector it may come to stand. */
const LINK_SIZE = 96
/** Encoding buffers up to this size are used again. */
const KEEP_BUFFER = 1 << 20

/** Where the log stands: the extents it is made of, and where the next record goes. */
export interface LogEnd {
  readonly extents: Extent[]
  /** Bytes from the start of the last extent. */
  readonly offset: number
  readonly sequence: number
  /** The last record that is known to be safe from a power cut. */
  readonly synced: number
  readonly previous: number
}

/** Writes one payload at an offset of a buffer. */
export interface Payload {
  readonly length: number
  encode(into: Uint8Array, offset: number): void
}

export class Log {
  /** The number of the last record. */
  sequence: number
  /** The number of the last record that is safe from a power cut. */
  synced: number
  /** Bytes of records written since `start` was last called. */
  bytes = 0
  /** In order; records go to the last. */
  extents: Extent[]
  #offset: number
  #previous: number
  /** The number of the last record that has a mark behind it. */
  #marked = 0
  readonly #records = new Scratch()
  readonly #payloads = new Scratch()
  readonly #file: File
  readonly #space: Space
  readonly #pageSize: number
  readonly #extentPages: number
  readonly #nonce = Math.floor(Math.random() * 0x1_0000_0000)

  constructor(file: File, space: Space, pageSize: number, extentPages: number, end: LogEnd) {
    this.#file = file
    this.#space = space
    this.#pageSize = pageSize
    this.#extentPages = extentPages
    this.extents = end.extents
    this.sequence = end.sequence
    this.synced = end.synced
    this.#offset = end.offset
    this.#previous = end.previous
  }

  /** Appends records, all in one write. Nothing has happened to the log if it fails. */
  append(payloads: readonly Payload[]): Maybe<void> {
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
    for (const { length } of payloads) end = recordEnd(recordStart(end), length)
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
      buffer.fill(0, o - base, start - base)
      const bytes = this.#payloads.take(payload.length)
      payload.encode(bytes, 0)
      sequence++
      const header = this.#header(bytes.length, sequence, previous, BATCH_RECORD)
      previous = writeRecord(buffer, base, start, header, bytes)
      o = recordEnd(start, bytes.length)
    }
    const written = this.#file.write(this.#position(base), buffer)
    const done = () => {
      this.sequence = sequence
      this.#previous = previous
      this.bytes += end - this.#offset
      this.#offset = end
    }
    return written instanceof Promise ? written.then(done) : done()
  }

  /**
   * Goes on in a new extent. What is written from here on needs nothing before: the checkpoint `generation`, of all records
   * so far, can start its log there.
   */
  start(generation: number): Maybe<void> {
    return this.#link(0, generation)
  }

  /**
   * Says behind the last record, if all are safe, that they are: what is wrong in them is then damage, not torn. The mark is a record
   * without operations, and the next record is written over it. Nothing else may be writing meanwhile.
   */
  mark(): Maybe<void> {
    // An extent without records stays empty: a store that was suspended with it must find it untouched.
    if (this.#offset === 0 || this.synced < this.sequence || this.#marked === this.sequence) return undefined
    this.#marked = this.sequence
    const start = recordStart(this.#offset)
    const mark = new Uint8Array(RECORD_HEADER)
    const header = this.#header(0, this.sequence + 1, this.#previous, BATCH_RECORD)
    writeRecord(mark, start, start, header, new Uint8Array(0))
    return this.#file.write(this.#position(start), mark)
  }

  /** Where a log that leaves out everything written so far starts; right after `start`. */
  get head(): { extent: Extent; seed: number } {
    const extent = this.extents[this.extents.length - 1] as Extent
    return { extent, seed: this.#previous }
  }

  /** Links to a new extent with room for `size` bytes. */
  #link(size: number, generation: number): Maybe<void> {
    const count = Math.max(this.#extentPages, Math.ceil((size + LINK_SIZE) / this.#pageSize))
    const page = this.#space.allocateFirst(count)
    const start = recordStart(this.#offset)
    const buffer = new Uint8Array(recordEnd(start, LINK_PAYLOAD) - start)
    const payload = new Uint8Array(LINK_PAYLOAD)
    setU32(payload, 0, page)
    setU32(payload, 4, count)
    setU32(payload, 8, generation)
    const sequence = this.sequence + 1
    const header = this.#header(LINK_PAYLOAD, sequence, this.#previous, LINK_RECORD)
    const previous = writeRecord(buffer, start, start, header, payload)
    const done = () => {
      this.extents.push({ page, count })
      this.sequence = sequence
      this.#previous = previous
      this.#offset = 0
    }
    const failed = (error: unknown): never => {
      this.#space.release(page, count)
      throw error
    }
    try {
      const written = this.#file.write(this.#position(start), buffer)
      return written instanceof Promise ? written.then(done, failed) : done()
    } catch (error) {
      return failed(error)
    }
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

  /** Whether the log still ends where it ended when this store last wrote to it. */
  async isUntouched(): Promise<boolean> {
    const header = readHeader(
      await this.#file.readUpTo(this.#position(recordStart(this.#offset)), RECORD_HEADER),
      0,
    )
    return header === null || header.previous !== this.#previous
  }
}

/** Memory for one encoding at a time, used again unless it is large. */
class Scratch {
  #buffer = new Uint8Array(4096)

  take(size: number): Uint8Array {
    if (size > KEEP_BUFFER) return new Uint8Array(size)
    if (size > this.#buffer.length) this.#buffer = new Uint8Array(Math.min(KEEP_BUFFER, size * 2))
    return this.#buffer.subarray(0, size)
  }
}
