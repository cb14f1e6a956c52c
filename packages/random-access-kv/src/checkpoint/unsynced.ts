// Large values, leaves and log records that no sync has made safe yet. A storage may forget what it was given when a sync fails, so they are
// kept until one succeeds, and written again if one fails.

import type { Disk } from '../storage/disk.js'

interface Kept {
  readonly offset: number
  readonly data: Uint8Array
  /** Counts what was added. */
  readonly number: number
}

export class Unsynced {
  /** By first page; what was written to the log, by a negative number made of its offset. In the order in which they were written. */
  readonly #kept = new Map<number, Kept>()
  #number = 0
  #bytes = 0

  /** Bytes of all. */
  get bytes(): number {
    return this.#bytes
  }

  /** The number of what was added last, for `safe`. */
  get last(): number {
    return this.#number
  }

  add(page: number, offset: number, data: Uint8Array): void {
    this.delete(page)
    this.#kept.set(page, { offset, data, number: ++this.#number })
    this.#bytes += data.length
  }

  /** Something was written to the log. */
  addLog(offset: number, data: Uint8Array): void {
    this.add(logKey(offset), offset, data)
  }

  /** These bytes are no longer part of the log. */
  deleteLog(from: number, to: number): void {
    for (const [key, { offset }] of this.#kept) {
      if (key < 0 && offset >= from && offset < to) this.delete(key)
    }
  }

  get(page: number): Uint8Array | undefined {
    return this.#kept.get(page)?.data
  }

  /** The page was freed. */
  delete(page: number): void {
    const kept = this.#kept.get(page)
    if (kept === undefined) return
    this.#kept.delete(page)
    this.#bytes -= kept.data.length
  }

  /** A sync that began when `last` was this number has succeeded. */
  safe(last: number): void {
    for (const [page, { number }] of this.#kept) {
      if (number > last) return
      this.delete(page)
    }
  }

  /** Writes all of them again. Nothing else may be writing meanwhile: a page could have been used for something else. */
  async rewrite(disk: Disk): Promise<void> {
    for (const { offset, data } of [...this.#kept.values()]) await disk.write(offset, data)
  }
}

function logKey(offset: number): number {
  return -1 - offset
}
