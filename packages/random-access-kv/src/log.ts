// Writing the log: where the next record goes, extents and the links between them, and which records are safe from a power
// cut. What is in the records is not known here.

import { setU32 } from './bytes.js'
import {
  BATCH_RECORD,
  LINK_PAYLOAD,
  LINK_RECORD,
  RECORD_HEADER,
  readHeader,
  recordSize,
  sealRecord,
} from './record.js'
import type { Extent, Space } from './space.js'
import type { File, Maybe } from './storage.js'

/** Room that every extent keeps for the link to the next. */
const LINK_SIZE = recordSize(LINK_PAYLOAD)
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
  #buffer = new Uint8Array(4096)
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
    let size = 0
    for (const payload of payloads) size += recordSize(payload.length)
    if (size > this.#room()) {
      const linked = this.#link(size)
      if (linked instanceof Promise) return linked.then(() => this.#write(payloads, size))
    }
    return this.#write(payloads, size)
  }

  #room(): number {
    const last = this.extents[this.extents.length - 1]
    return last === undefined ? 0 : last.count * this.#pageSize - LINK_SIZE - this.#offset
  }

  #write(payloads: readonly Payload[], size: number): Maybe<void> {
    const buffer = this.#take(size)
    let o = 0
    let sequence = this.sequence
    let previous = this.#previous
    for (const payload of payloads) {
      payload.encode(buffer, o + RECORD_HEADER)
      sequence++
      previous = this.#seal(buffer, o, payload.length, sequence, previous, BATCH_RECORD)
      const end = o + recordSize(payload.length)
      buffer.fill(0, o + RECORD_HEADER + payload.length, end)
      o = end
    }
    const written = this.#file.write(this.#position(), buffer.subarray(0, size))
    const done = () => {
      this.sequence = sequence
      this.#previous = previous
      this.#offset += size
      this.bytes += size
    }
    return written instanceof Promise ? written.then(done) : done()
  }

  /**
   * Goes on in a new extent. What is written from here on needs nothing before: a checkpoint of all records so far can
   * start its log there.
   */
  start(): Maybe<void> {
    return this.#link(0)
  }

  /** Where a log that leaves out everything written so far starts; right after `start`. */
  get head(): { extent: Extent; seed: number } {
    const extent = this.extents[this.extents.length - 1] as Extent
    return { extent, seed: this.#previous }
  }

  /** Links to a new extent with room for `size` bytes. */
  #link(size: number): Maybe<void> {
    const count = Math.max(this.#extentPages, Math.ceil((size + LINK_SIZE) / this.#pageSize))
    const page = this.#space.allocate(count)
    const buffer = new Uint8Array(LINK_SIZE)
    setU32(buffer, RECORD_HEADER, page)
    setU32(buffer, RECORD_HEADER + 4, count)
    const sequence = this.sequence + 1
    const previous = this.#seal(buffer, 0, LINK_PAYLOAD, sequence, this.#previous, LINK_RECORD)
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
      const written = this.#file.write(this.#position(), buffer)
      return written instanceof Promise ? written.then(done, failed) : done()
    } catch (error) {
      return failed(error)
    }
  }

  #seal(b: Uint8Array, o: number, length: number, sequence: number, previous: number, type: number): number {
    const unsynced = sequence - 1 - this.synced
    return sealRecord(b, o, { length, previous, sequence, type, nonce: this.#nonce, unsynced })
  }

  #position(): number {
    const last = this.extents[this.extents.length - 1] as Extent
    return last.page * this.#pageSize + this.#offset
  }

  /** Whether the log still ends where it ended when this store last wrote to it. */
  async isUntouched(): Promise<boolean> {
    const header = readHeader(await this.#file.readUpTo(this.#position(), RECORD_HEADER), 0)
    return header === null || header.previous !== this.#previous
  }

  #take(size: number): Uint8Array {
    if (size <= this.#buffer.length) return this.#buffer
    const buffer = new Uint8Array(size <= KEEP_BUFFER ? Math.min(KEEP_BUFFER, size * 2) : size)
    if (size <= KEEP_BUFFER) this.#buffer = buffer
    return buffer
  }
}
