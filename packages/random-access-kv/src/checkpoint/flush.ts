// Flushing: what a frozen memtable holds is brought into the tree, in the order of keys, so that each leaf is read, changed and written
// once. It goes step by step, and is taken up again where a read or a write has failed. Leaves that are done are written at
// once, to pages that no checkpoint uses yet, and leave memory like any other; branches are up to the checkpoint.

import { compare } from '../bytes/bytes.js'
import type { Engine } from '../engine.js'
import type { Cleared, Memtable } from '../memtable/memtable.js'
import { isDeletedAt } from '../memtable/memtable.js'
import type { Maybe } from '../storage/storage.js'
import type { Cursor } from '../tree/cursor.js'
import { type Node, OUT_OF_LINE } from '../tree/node.js'
import type { Path } from '../tree/path.js'
import { joined, takeRun } from '../tree/run.js'
import { decodeReference } from '../tree/values.js'

/** Leaves are written once so many bytes of them are done, or this part of the log's limit: then many are neighbours. */
const BATCH = 1 << 20
const PART_OF_LOG = 1 / 4
/** Neighbouring leaves are written together, up to this many bytes: what file storages write without a round trip. */
const RUN = 64 * 1024

export class Flush {
  readonly #engine: Engine
  readonly #memtable: Memtable
  /** How many leaves are written together. */
  readonly #batch: number
  /** The range that is to be cleared next, and those after it. There may be a million of them. */
  #range: Cleared | undefined
  readonly #ranges: Iterator<Cleared, undefined>
  readonly #cursor: Cursor
  /** Pages written so far. */
  written = 0
  /** Changes made so far. */
  #done = 0
  /** Where the last change was, and the key at which the next leaf begins; only within a step. */
  #path: Path | null = null
  #pathEnd: Uint8Array | null = null

  constructor(engine: Engine, memtable: Memtable) {
    this.#engine = engine
    this.#memtable = memtable
    this.#batch = Math.min(BATCH, engine.options.logSize * PART_OF_LOG) / engine.pageSize
    this.#ranges = memtable.ranges()
    this.#range = this.#ranges.next().value
    this.#cursor = memtable.cursor()
    this.#cursor.seek(null)
    engine.tree.nodes.leaves = []
  }

  get isDone(): boolean {
    return this.#range === undefined && this.#cursor.leaf === null
  }

  /** The part that is done, from 0 to 1; less if some keys were changed more than once. */
  get progress(): number {
    return this.#done / this.#memtable.changes
  }

  /** Brings up to `count` changes into the tree. Nothing else may change the tree meanwhile. */
  step(count: number): Maybe<void> {
    const { pager } = this.#engine
    const end = () => {
      this.#path = null
      pager.unhold()
    }
    pager.hold()
    try {
      const stepped = this.#steps(count)
      if (stepped instanceof Promise) return stepped.finally(end)
    } catch (error) {
      end()
      throw error
    }
    end()
    return undefined
  }

  #steps(count: number): Maybe<void> {
    for (let left = count; left > 0 && !this.isDone; left--) {
      const loaded = this.#load()
      if (loaded instanceof Promise) {
        return loaded.then(() => {
          this.#apply()
          return this.#steps(left - 1)
        })
      }
      this.#apply()
    }
    const { leaves } = this.#engine.tree.nodes
    return leaves !== null && (leaves.length >= this.#batch || this.isDone) ? this.#write(leaves) : undefined
  }

  /** Loads the nodes that the next change needs. */
  #load(): Maybe<void> {
    const { tree } = this.#engine
    const range = this.#range
    if (range !== undefined) {
      const loaded = tree.load(range.start)
      return loaded instanceof Promise ? loaded.then(() => tree.load(range.end)) : tree.load(range.end)
    }
    const { leaf, place } = this.#cursor as { leaf: Node; place: number }
    const key = leaf.key(place)
    if (this.#path !== null && (this.#pathEnd === null || compare(key, this.#pathEnd) < 0)) return undefined
    this.#path = null
    return tree.load(key)
  }

  #apply(): void {
    const { tree } = this.#engine
    this.#done++
    const range = this.#range
    if (range !== undefined) {
      this.#range = this.#ranges.next().value
      tree.deleteRange(range.start, range.end)
      return
    }
    const { leaf, place } = this.#cursor as { leaf: Node; place: number }
    const key = leaf.key(place)
    if (this.#path === null) {
      this.#path = tree.pathTo(key) ?? tree.plant()
      this.#pathEnd = this.#path.end
    }
    const value = leaf.value(place)
    if (isDeletedAt(leaf, place)) tree.deleteOn(this.#path, key)
    else {
      const isLarge = leaf.isOutOfLine(place)
      if (!tree.putOn(this.#path, key, value, isLarge ? OUT_OF_LINE : value.length)) this.#path = null
      if (isLarge) this.#memtable.values.delete(decodeReference(value).page)
    }
    this.#cursor.next()
  }

  /** Writes the leaves that nothing will change before the checkpoint is done. */
  async #write(leaves: readonly Node[]): Promise<void> {
    const engine = this.#engine
    const { pager, disk, tree, nextGeneration } = engine
    // What comes next may change the last one.
    const last = this.isDone ? undefined : leaves[leaves.length - 1]
    const done = leaves.filter((leaf) => leaf !== last && leaf.dirty && pager.isCurrent(leaf))
    tree.nodes.leaves = last === undefined ? [] : [last]
    done.sort((a, b) => a.page - b.page)
    for (let i = 0; i < done.length; ) {
      const run = takeRun(done, i, RUN)
      i += run.length
      pager.generation = Math.max(pager.generation, nextGeneration)
      for (const leaf of run) if (!leaf.isSettled) leaf.seal(nextGeneration)
      const written = disk.write((run[0] as Node).page * pager.pageSize, joined(run))
      if (written instanceof Promise) await written
      for (const leaf of run) {
        leaf.isKept = engine.keepUntilSynced(leaf.page, leaf.buf)
        pager.writtenEarly(leaf)
        this.written += leaf.span
      }
    }
  }
}
