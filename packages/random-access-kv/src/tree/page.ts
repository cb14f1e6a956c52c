// What the cache is made of: adjacent pages of the file in memory. A node is one kind (node.ts), a large value that came through
// the log the other; larger values are never kept.

export abstract class Page {
  /** The first page. */
  readonly page: number
  readonly buf: Uint8Array
  /** Not part of a durable checkpoint yet: lives in memory only, or is being written. */
  dirty: boolean
  /** Where it stands in the cache's clock; -1 if it does not. */
  place = -1
  /** Used since the cache last looked. */
  used = true
  /** A meta page that may have reached the storage refers to it: it is written again as it was, or not at all. */
  isSettled = false

  constructor(page: number, buf: Uint8Array, dirty: boolean) {
    this.page = page
    this.buf = buf
    this.dirty = dirty
  }

  /** How many pages. */
  abstract get span(): number
}

export class ValuePage extends Page {
  readonly span: number
  readonly length: number

  /** @param buf the value; while it is dirty, what fills the last page comes after it */
  constructor(page: number, span: number, length: number, buf: Uint8Array, dirty: boolean) {
    super(page, buf, dirty)
    this.span = span
    this.length = length
  }

  /** A new value, copied. */
  static create(page: number, span: number, value: Uint8Array, pageSize: number): ValuePage {
    const buf = new Uint8Array(span * pageSize)
    buf.set(value)
    return new ValuePage(page, span, value.length, buf, true)
  }

  /** A view of the value. */
  get value(): Uint8Array {
    return this.buf.subarray(0, this.length)
  }
}
