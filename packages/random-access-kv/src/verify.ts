// Checks a store: reads every page, record and value from the storage. Every page of the file must be used exactly once, or free. It
// only reads; commits continue meanwhile.

import { compare } from './bytes/bytes.js'
import { readMeta } from './checkpoint/meta.js'
import type { Writer } from './commit/writer.js'
import type { Engine } from './engine.js'
import { KvError } from './errors.js'
import { nextTurn } from './event-loop.js'
import { recover } from './log/recovery.js'
import { isDeletedAt, type Layer } from './memtable/memtable.js'
import { readFreeList } from './space/free-list.js'
import type { Extent } from './space/space.js'
import type { Node } from './tree/node.js'
import { decodeReference, MAX_LOGGED, type Reference, readValue } from './tree/values.js'
import { type Plan, plan } from './verify-plan.js'

/** A problem that `verify` found, and its byte offset in the file if it has one. */
export interface Problem {
  readonly message: string
  readonly file: string
  readonly offset: number | undefined
}

/** The result of `verify`: every problem, and numbers about the store. */
export interface VerifyReport {
  /** Empty if the store is intact. */
  readonly problems: Problem[]
  readonly entries: number
  /** The number of large values, which have pages of their own. */
  readonly values: number
  readonly branches: number
  readonly leaves: number
  /** The number of levels of the tree. */
  readonly depth: number
  /** The share of the leaves' bytes that is in use, from 0 to 1. */
  readonly fill: number
  readonly pages: number
  readonly freePages: number
}

export async function verify(engine: Engine, writer: Writer): Promise<VerifyReport> {
  const plans: Plan[] = []
  await writer.checkpointer.quietly(() => plans.push(plan(engine)))
  const current = plans[0] as Plan
  try {
    return await new Verification(engine, current).run()
  } finally {
    current.release()
  }
}

/** Whether a newer layer has the key, or has removed it. */
function isShadowed(key: Uint8Array, layers: readonly Layer[]): boolean {
  return layers.some(({ memtable, entries, cleared }) => memtable.find(key, entries, cleared) !== undefined)
}

class Verification {
  readonly #engine: Engine
  readonly #plan: Plan
  readonly #problems: Problem[] = []
  /** For each page, whether something has claimed it. */
  readonly #claimed: Uint8Array
  #entries = 0
  #values = 0
  #branches = 0
  #leaves = 0
  #leafBytes = 0
  #usedBytes = 0
  #last: Uint8Array | null = null

  constructor(engine: Engine, current: Plan) {
    this.#engine = engine
    this.#plan = current
    this.#claimed = new Uint8Array(current.pageCount)
  }

  async run(): Promise<VerifyReport> {
    const { root, pageCount, free, others, detached } = this.#plan
    for (const extent of free) this.#claim(extent, 'free space')
    for (const [extent, what] of others) this.#claim(extent, what)
    await this.#attempt(() => this.#checkMeta())
    const depth = root === 0 ? 0 : await this.#walk(root, null, null, null)
    await this.#countRecent()
    for (const page of detached) await this.#walkDetached(page)
    const lost = this.#claimed.indexOf(0)
    if (lost >= 0) this.#reportPage(`Page ${lost} is neither used nor free`, lost)
    return {
      problems: this.#problems,
      entries: this.#entries,
      values: this.#values,
      branches: this.#branches,
      leaves: this.#leaves,
      depth,
      fill: this.#leafBytes === 0 ? 0 : this.#usedBytes / this.#leafBytes,
      pages: pageCount,
      freePages: free.reduce((sum, extent) => sum + extent.count, 0),
    }
  }

  /** Meta pages, free list and log, as they stand in the storage. */
  async #checkMeta(): Promise<void> {
    const { disk } = this.#engine
    try {
      const meta = await readMeta(disk)
      if (meta === null || meta.generation < this.#plan.meta.generation) {
        throw new KvError('KV_DAMAGED', 'The last meta page is not there', { file: disk.name, offset: 0 })
      }
      if (meta.wrongSlot !== null && meta.isFlipped)
        this.#report('A meta page has a flipped bit', meta.wrongSlot)
      await readFreeList(disk, meta)
      const { end } = await recover(disk, meta)
      if (end.sequence < this.#plan.synced) {
        const { page } = end.extents[end.extents.length - 1] ?? meta.log
        const offset = page * meta.pageSize + end.offset
        throw new KvError('KV_DAMAGED', `The log ends too early, at offset ${offset}`, {
          file: disk.name,
          offset,
        })
      }
    } catch (error) {
      // A checkpoint that came in between has given up what was being read.
      if (this.#engine.meta === this.#plan.meta) throw error
    }
  }

  /** Walks a subtree whose keys are at least `low` and below `high`. Returns its depth. */
  async #walk(
    page: number,
    height: number | null,
    low: Uint8Array | null,
    high: Uint8Array | null,
  ): Promise<number> {
    await nextTurn()
    const node = await this.#attempt(() => this.#node(page))
    if (node === undefined) return 0
    this.#claim({ page, count: node.span }, 'a node')
    if (height !== null && node.height !== height) this.#reportPage(`Page ${page} is on a wrong height`, page)
    if (node.height === 0) {
      await this.#checkLeaf(node, low, high)
      return 1
    }
    this.#branches++
    if (node.count === 0 || node.key(0).length > 0)
      this.#reportPage(`Branch ${page} does not start with the empty key`, page)
    let depth = 0
    for (let i = 0; i < node.count; i++) {
      const from = i === 0 ? low : node.key(i).slice()
      const to = i + 1 < node.count ? node.key(i + 1).slice() : high
      this.#checkOrder(page, i === 0 ? null : from, low, high)
      depth = await this.#walk(node.child(i), node.height - 1, from, to)
    }
    return depth + 1
  }

  async #checkLeaf(leaf: Node, low: Uint8Array | null, high: Uint8Array | null): Promise<void> {
    this.#leaves++
    this.#leafBytes += leaf.buf.length
    this.#usedBytes += leaf.usedBytes
    for (let i = 0; i < leaf.count; i++) {
      const key = leaf.key(i).slice()
      this.#checkOrder(leaf.page, key, low, high)
      if (this.#last !== null && compare(this.#last, key) >= 0)
        this.#reportPage(`Keys are out of order`, leaf.page)
      this.#last = key
      if (!isShadowed(key, this.#plan.view.layers)) this.#entries++
      if (!leaf.isOutOfLine(i)) continue
      await this.#checkValue(leaf.value(i).slice())
      await nextTurn()
    }
  }

  /** Counts the entries that are in no leaf yet. */
  async #countRecent(): Promise<void> {
    const { layers } = this.#plan.view
    for (const [i, { memtable, entries }] of layers.entries()) {
      const cursor = memtable.cursor(entries)
      for (cursor.seek(null); cursor.leaf !== null; cursor.next()) {
        await nextTurn()
        const { leaf, place } = cursor
        if (isDeletedAt(leaf, place) || isShadowed(leaf.key(place), layers.slice(0, i))) continue
        this.#entries++
        if (!leaf.isOutOfLine(place)) continue
        this.#values++
        await this.#readValue(decodeReference(leaf.value(place)))
      }
    }
  }

  async #checkValue(bytes: Uint8Array): Promise<void> {
    const { pageSize } = this.#engine
    const reference = decodeReference(bytes)
    this.#values++
    this.#claim({ page: reference.page, count: Math.ceil(reference.length / pageSize) }, 'a large value')
    await this.#readValue(reference)
  }

  async #readValue(reference: Reference): Promise<void> {
    const { disk, pageSize } = this.#engine
    // One that no checkpoint has written yet is only in memory.
    const { pager, backlog } = this.#engine
    // A storage may have forgotten it; a checkpoint writes it again.
    if (backlog.isSuspicious && backlog.unsynced.get(reference.page) !== undefined) return
    const cached = reference.length > MAX_LOGGED ? undefined : pager.cachedValue(reference.page)
    if (!cached?.dirty) await this.#attempt(() => readValue(disk, pageSize, reference))
  }

  #checkOrder(page: number, key: Uint8Array | null, low: Uint8Array | null, high: Uint8Array | null): void {
    if (key === null) return
    const isInside = (low === null || compare(low, key) <= 0) && (high === null || compare(key, high) < 0)
    if (!isInside) this.#reportPage(`A key lies outside of what its parent says`, page)
  }

  async #walkDetached(page: number): Promise<void> {
    await nextTurn()
    const node = await this.#attempt(() => this.#node(page))
    if (node === undefined) return
    this.#claim({ page, count: node.span }, 'a node that was detached')
    for (let i = 0; i < node.count; i++) {
      if (node.height > 0) await this.#walkDetached(node.child(i))
      else if (node.isOutOfLine(i)) {
        const { page: at, length } = decodeReference(node.value(i))
        this.#claim(
          { page: at, count: Math.ceil(length / this.#engine.pageSize) },
          'a value that was detached',
        )
      }
    }
  }

  /** A dirty node is only in memory; any other node is read again from the storage. */
  async #node(page: number): Promise<Node> {
    const { pager } = this.#engine
    const cached = pager.cached(page)
    return cached?.dirty ? cached : pager.read(page)
  }

  #claim({ page, count }: Extent, what: string): void {
    for (let p = page; p < page + count; p++) {
      if (p >= this.#claimed.length) this.#reportPage(`Page ${p} of ${what} lies behind the end`, p)
      else if (this.#claimed[p] !== 0) this.#reportPage(`Page ${p} of ${what} is also something else`, p)
      else this.#claimed[p] = 1
    }
  }

  async #attempt<T>(run: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof KvError) || error.code !== 'KV_DAMAGED') throw error
      this.#problems.push({ message: error.message, file: this.#engine.disk.name, offset: error.offset })
      return undefined
    }
  }

  #reportPage(message: string, page: number): void {
    this.#report(message, page * this.#engine.pageSize)
  }

  #report(message: string, offset: number): void {
    this.#problems.push({ message, file: this.#engine.disk.name, offset })
  }
}
