// What refused records leave behind: a record where the next one goes, to be erased first, and pages that it may refer to.

import type { Backlog } from '../checkpoint/backlog.js'
import type { Extent, Space } from '../space/space.js'
import type { Disk } from '../storage/disk.js'
import { RECORD_HEADER } from './record.js'

export class Refused {
  /** Pages that refused records refer to, or may: kept until these records are erased or overwritten. */
  readonly pages: Extent[] = []
  readonly #disk: Disk
  readonly #space: Space
  readonly #backlog: Backlog
  #mustErase: boolean

  /** @param hasTorn whether a torn record stands behind the log */
  constructor(disk: Disk, space: Space, backlog: Backlog, hasTorn: boolean) {
    this.#disk = disk
    this.#space = space
    this.#backlog = backlog
    this.#mustErase = hasTorn
  }

  /** Whether a record stands where the next one goes. It is erased before, or that one, torn, could look like it with a flipped bit. */
  get mustErase(): boolean {
    return this.#mustErase
  }

  /** A record was refused that may refer to these pages. */
  add(pages: readonly Extent[]): void {
    // As arguments of one call, the pages of a large batch are too many.
    for (const extent of pages) this.pages.push(extent)
    this.#backlog.refused()
    this.#mustErase = true
  }

  /** Overwrites the header of the record at `position`, which is where the next one goes. */
  async erase(position: number): Promise<void> {
    const before = await this.#disk.readUpTo(position, RECORD_HEADER)
    const erased = Uint8Array.from({ length: RECORD_HEADER }, (_, i) => farFrom(before[i] ?? 0))
    await this.#disk.write(position, erased)
    this.#backlog.keepLog(position, erased)
    this.#mustErase = false
    this.overwritten()
  }

  /** No refused record is left: the first of them is gone. */
  overwritten(): void {
    this.#backlog.erased()
    for (const { page, count } of this.pages.splice(0)) this.#space.release(page, count)
  }
}

/** 0 or 255, whichever differs from a byte in more than one bit. */
function farFrom(byte: number): number {
  return (byte & (byte - 1)) === 0 ? 0xff : 0
}
