// A store that is open: file, space, pins, cache, tree and log, put together from what the storage holds. Opening,
// reading a key and applying a change are here; committing is in writer.ts, checkpoints in checkpoint.ts.

import b4a from 'b4a'
import { KvError } from './errors.js'
import { readFreeList, spaceWithout } from './free-list.js'
import { Log } from './log.js'
import {
  encodeMeta,
  type FoundMeta,
  META_SIZE,
  type Meta,
  metaOffset,
  readMeta,
  reservedPages,
} from './meta.js'
import { type Node, OUT_OF_LINE } from './node.js'
import type { Change } from './operations.js'
import type { Options } from './options.js'
import { Pager } from './pager.js'
import { type Pin, Pins } from './pins.js'
import { recover } from './recovery.js'
import type { Extent, Space } from './space.js'
import type { File, Maybe } from './storage.js'
import { Tree } from './tree.js'
import { decodeReference, encodeReference, isLarge, MAX_LOGGED, readValue } from './values.js'

/** What the log grows by at once, in bytes. */
const LOG_EXTENT = 256 * 1024
/** Extents of at least this many pages keep links rare on small pages. */
const MIN_LOG_PAGES = 4

/** A checkpoint whose meta page may or may not have reached the storage: nothing it refers to may be reused. */
export interface Suspect {
  readonly pin: Pin
  readonly freeList: Extent
}

/** A tree that is kept as it is, and the engine that can read it. */
export interface Pinned {
  readonly engine: Engine
  readonly pin: Pin
}

export class Engine {
  readonly file: File
  readonly options: Options
  readonly pageSize: number
  readonly space: Space
  readonly pins: Pins
  readonly pager: Pager
  readonly tree: Tree
  readonly log: Log
  /** The last checkpoint that is known to be durable, and the pin on its tree. */
  meta: Meta
  durable: Pin
  suspects: Suspect[] = []
  /** Bytes of large values written since the last checkpoint. */
  valueBytes = 0
  isClosed = false
  /** While the store is suspended: settled when it goes on, or is closed instead. */
  resumed: Promise<void> | null = null

  private constructor(file: File, options: Options, meta: Meta, space: Space, log: Log) {
    this.file = file
    this.options = options
    this.meta = meta
    this.pageSize = meta.pageSize
    this.space = space
    this.log = log
    this.pager = new Pager(file, meta.pageSize, options.cacheSize)
    this.pager.generation = meta.generation
    this.pins = new Pins((extent) => {
      space.release(extent.page, extent.count)
      this.pager.drop(extent.page)
    })
    this.tree = new Tree(meta.root, this.pager, this.pins, space)
    this.durable = this.pins.acquire(meta.root, true)
  }

  /** Opens the store in `file`, or makes one if the file is empty. */
  static async open(file: File, options: Options): Promise<Engine> {
    const found = await readMeta(file)
    if (found === null && (options.readOnly || !options.createIfMissing)) {
      throw new KvError(
        'KV_NO_STORE',
        `A store does not exist in ${file.name}, which is empty: one is made without readOnly and with createIfMissing`,
        {
          file: file.name,
        },
      )
    }
    if (found !== null && options.errorIfExists) {
      throw new KvError(
        'KV_EXISTS',
        `A store exists in ${file.name} already: open it without errorIfExists`,
        {
          file: file.name,
        },
      )
    }
    if (found !== null && !options.readOnly) await file.measure()
    const meta = found ?? (await create(file, options.pageSize))
    const recovered = await recover(file, meta)
    const space = spaceWithout(file, meta, await readFreeList(file, meta), recovered.taken)
    const extentPages = logExtentPages(meta.pageSize)
    const log = new Log(file, space, meta.pageSize, extentPages, recovered.end)
    log.bytes = recovered.bytes
    const engine = new Engine(file, options, meta, space, log)
    for (const changes of recovered.batches) {
      for (const change of changes) {
        engine.pager.hold()
        const prepared = engine.prepare(change)
        if (prepared instanceof Promise) await prepared
        engine.apply(change)
        engine.pager.unhold()
      }
    }
    if (!options.readOnly) {
      // What a process wrote that died may not be safe from a power cut yet, and what it replaced is about to be reused.
      await file.sync()
      log.synced = log.sequence
    }
    return engine
  }

  /** Waits out a suspension. Throws if the store is closed. */
  async awake(): Promise<void> {
    while (this.resumed !== null) await this.resumed
    if (this.isClosed) throw new KvError('KV_CLOSED', 'The store is closed')
  }

  /** Keeps the current tree as it is until the pin is released. */
  pinned(): Pinned {
    return { engine: this, pin: this.pins.acquire(this.tree.root) }
  }

  /** The value of `key` in the current tree, null if there is none. At once if the storage answers at once. */
  get(key: Uint8Array): Maybe<Uint8Array | null> {
    const found = this.lookup(this.tree.root, key)
    if (!(found instanceof Promise)) return found
    // Writes go on while the storage is asked; the pin keeps the pages on the way from being reused.
    const pin = this.pins.acquire(this.tree.root)
    return found.finally(() => this.pins.release(pin))
  }

  /** The value of `key` in the tree under `root`, which is pinned if the answer may be late. */
  lookup(root: number, key: Uint8Array): Maybe<Uint8Array | null> {
    let page = root
    while (page !== 0) {
      const node = this.pager.fetch(page)
      if (node instanceof Promise) return node.then((late) => this.#lookupIn(late, key))
      if (node.level === 0) return this.#valueOf(node, key)
      page = node.child(node.childFor(key))
    }
    return null
  }

  /** Like `get`, but only from memory; undefined if the storage would have to be asked. */
  peek(root: number, key: Uint8Array): Uint8Array | null | undefined {
    let page = root
    while (page !== 0) {
      const node = this.pager.cached(page)
      if (node === undefined) return undefined
      if (node.level > 0) {
        page = node.child(node.childFor(key))
        continue
      }
      const i = node.search(key)
      if (i < 0) return null
      return node.isOutOfLine(i) ? this.#peekValue(node.value(i)) : b4a.from(node.value(i))
    }
    return null
  }

  #peekValue(bytes: Uint8Array): Uint8Array | undefined {
    const { page, length } = decodeReference(bytes)
    const cached = length > MAX_LOGGED ? undefined : this.pager.cachedValue(page)
    return cached === undefined ? undefined : b4a.from(cached.value)
  }

  #lookupIn(node: Node, key: Uint8Array): Maybe<Uint8Array | null> {
    return node.level === 0 ? this.#valueOf(node, key) : this.lookup(node.child(node.childFor(key)), key)
  }

  #valueOf(leaf: Node, key: Uint8Array): Maybe<Uint8Array | null> {
    const i = leaf.search(key)
    return i < 0 ? null : this.valueAt(leaf, i)
  }

  /** A copy of the value in cell `i` of a leaf, wherever it is stored. */
  valueAt(leaf: Node, i: number): Maybe<Uint8Array> {
    const value = leaf.value(i)
    if (!leaf.isOutOfLine(i)) return b4a.from(value)
    const reference = decodeReference(value)
    if (reference.length > MAX_LOGGED) return readValue(this.file, this.pageSize, reference)
    const fetched = this.pager.fetchValue(reference)
    return fetched instanceof Promise ? fetched.then((late) => b4a.from(late.value)) : b4a.from(fetched.value)
  }

  /** Brings into memory what `apply` will need. */
  prepare(change: Change): Maybe<void> {
    if (change.kind !== 'clear') return this.tree.prepare(change.key)
    const start = this.tree.prepare(change.start)
    if (start instanceof Promise) return start.then(() => this.#prepareEnd(change.end))
    return this.#prepareEnd(change.end)
  }

  #prepareEnd(end: Uint8Array | null): Maybe<void> {
    return end === null ? this.tree.prepareLast() : this.tree.prepare(end)
  }

  apply(change: Change): void {
    if (change.kind === 'del') this.tree.delete(change.key)
    else if (change.kind === 'clear') this.tree.deleteRange(change.start, change.end)
    else this.#applyPut(change)
  }

  #applyPut({ key, value, reference }: Extract<Change, { kind: 'put' }>): void {
    if (reference !== null) this.tree.put(key, encodeReference(reference), OUT_OF_LINE)
    else if (!isLarge(key, value, this.pageSize)) this.tree.put(key, value, value.length)
    else this.tree.put(key, encodeReference(this.tree.createValue(value)), OUT_OF_LINE)
  }
}

function logExtentPages(pageSize: number): number {
  return Math.max(MIN_LOG_PAGES, LOG_EXTENT / pageSize)
}

/** Makes an empty store. It exists once its meta page is safe. */
async function create(file: File, pageSize: number): Promise<FoundMeta> {
  const reserved = reservedPages(pageSize)
  const log = { page: reserved, count: logExtentPages(pageSize) }
  const meta: FoundMeta = {
    pageSize,
    generation: 1,
    root: 0,
    pageCount: reserved + log.count,
    freeList: { page: 0, count: 0 },
    freeListLength: 0,
    freeListChecksum: 0,
    log,
    logSeed: Math.floor(Math.random() * 0x1_0000_0000),
    sequence: 0,
    wrongSlot: null,
  }
  const offset = metaOffset(meta.generation)
  const start = new Uint8Array(offset + META_SIZE)
  start.set(encodeMeta(meta), offset)
  await file.write(0, start)
  await file.sync()
  return meta
}
