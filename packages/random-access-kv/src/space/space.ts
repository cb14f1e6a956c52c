// Which pages of the file are free: allocation, release, growth. It does not know why a page is free; see pins.ts
// for when a page may be released, and free-list.ts for how this is written down.
//
// Free extents are kept by size, by start and by end (the "hashmap freelist" of bbolt), so that releasing merges
// neighbours in constant time and small requests are met from small holes, which leaves big holes for big values.

import { KvError } from '../errors.js'
import { Front } from './front.js'

/** `count` pages from page `page` on. */
export interface Extent {
  readonly page: number
  readonly count: number
}

/** A page number has 32 bits. */
export const MAX_PAGES = 0xffff_ffff

export class Space {
  /** Pages in the file, free or not. */
  pageCount: number
  freePages = 0
  readonly #bySize = new Map<number, Set<number>>()
  readonly #byStart = new Map<number, number>()
  readonly #byEnd = new Map<number, number>()
  /** While pages are moved to the front: the holes there. */
  #front: Front | null = null

  constructor(pageCount: number) {
    this.pageCount = pageCount
  }

  /** Takes `count` adjacent pages, at the end of the file if no hole is big enough. Returns the first. */
  allocate(count: number): number {
    return this.#front === null ? this.#allocateFitting(count) : this.#allocateFront(this.#front, count)
  }

  /** From the smallest hole that is big enough. */
  #allocateFitting(count: number): number {
    const exact = this.#bySize.get(count)
    let size = exact === undefined ? Number.POSITIVE_INFINITY : count
    if (exact === undefined) {
      for (const candidate of this.#bySize.keys()) {
        if (candidate > count && candidate < size) size = candidate
      }
    }
    const holes = this.#bySize.get(size)
    if (holes === undefined) {
      const page = this.pageCount
      if (page + count > MAX_PAGES) {
        throw new KvError(
          'KV_FULL',
          `A store has at most ${MAX_PAGES} pages; ${page + count} would be needed`,
        )
      }
      this.pageCount += count
      return page
    }
    const page = holes.values().next().value as number
    this.#remove(page, size)
    if (size > count) this.#add(page + count, size - count)
    return page
  }

  /** Like `allocate`, but takes the first hole that is big enough: what lives for long stands at the front of the file. */
  allocateFirst(count: number): number {
    if (this.#front !== null) return this.#allocateFront(this.#front, count)
    let page = this.pageCount
    for (const [start, size] of this.#byStart) if (size >= count && start < page) page = start
    const size = this.#byStart.get(page)
    if (size === undefined) return this.#allocateFitting(count)
    this.#remove(page, size)
    if (size > count) this.#add(page + count, size - count)
    return page
  }

  /** From now on, pages are taken from the front of the file. */
  pack(): void {
    this.#front = new Front(this.extents())
  }

  unpack(): void {
    this.#front = null
  }

  #allocateFront(front: Front, count: number): number {
    for (let hole = front.find(count); hole >= 0; hole = front.find(count)) {
      const page = front.page(hole)
      const size = this.#byStart.get(page) ?? 0
      // What was released since may have been joined with it.
      front.set(hole, { page, count: size })
      if (size < count) continue
      this.#remove(page, size)
      if (size > count) this.#add(page + count, size - count)
      front.set(hole, { page: page + count, count: size - count })
      return page
    }
    return this.#allocateFitting(count)
  }

  release(page: number, count: number): void {
    let start = page
    let size = count
    const before = this.#byEnd.get(page)
    if (before !== undefined) {
      const beforeSize = page - before
      this.#remove(before, beforeSize)
      start = before
      size += beforeSize
    }
    const after = this.#byStart.get(page + count)
    if (after !== undefined) {
      this.#remove(page + count, after)
      size += after
    }
    this.#add(start, size)
  }

  get freeAtEnd(): number {
    const start = this.#byEnd.get(this.pageCount)
    return start === undefined ? 0 : this.pageCount - start
  }

  /** Gives the free pages at the end of the file up. */
  trim(): void {
    const size = this.freeAtEnd
    if (size === 0) return
    this.#remove(this.pageCount - size, size)
    this.pageCount -= size
  }

  /** The number of free extents. */
  get holes(): number {
    return this.#byStart.size
  }

  *extents(): Iterable<Extent> {
    for (const [page, count] of this.#byStart) yield { page, count }
  }

  #add(page: number, count: number): void {
    this.#byStart.set(page, count)
    this.#byEnd.set(page + count, page)
    const holes = this.#bySize.get(count)
    if (holes === undefined) this.#bySize.set(count, new Set([page]))
    else holes.add(page)
    this.freePages += count
  }

  #remove(page: number, count: number): void {
    this.#byStart.delete(page)
    this.#byEnd.delete(page + count)
    const holes = this.#bySize.get(count)
    holes?.delete(page)
    if (holes?.size === 0) this.#bySize.delete(count)
    this.freePages -= count
  }
}

/** Sorts extents by page and joins neighbours. */
export function joinExtents(extents: Iterable<Extent>): Extent[] {
  const sorted = [...extents].sort((a, b) => a.page - b.page)
  const joined: { page: number; count: number }[] = []
  for (const { page, count } of sorted) {
    const last = joined[joined.length - 1]
    if (last !== undefined && last.page + last.count === page) last.count += count
    else joined.push({ page, count })
  }
  return joined
}
