// A store that is open: file, space, pins, cache, tree and log, put together from what the storage holds. Opening,
// reading a key and applying a change are here; committing is in writer.ts, checkpoints in checkpoint.ts.

import b4a from 'b4a'
import { Backlog } from './checkpoint/backlog.js'
import {
  encodeMeta,
  type FoundMeta,
  META_SIZE,
  type Meta,
  metaOffset,
  readMeta,
  reservedPages,
} from './checkpoint/meta.js'
import type { Change } from './commit/operations.js'
import { KvError } from './errors.js'
import { nextTurn } from './event-loop.js'
import { Log, type LogEnd } from './log/log.js'
import { recover } from './log/recovery.js'
import { drawSalt, type Salt } from './log/salt.js'
import type { Options } from './options.js'
import { readFreeList, spaceWithout } from './space/free-list.js'
import { type Pin, Pins } from './space/pins.js'
import { type Extent, MAX_PAGES, type Space } from './space/space.js'
import type { Disk } from './storage/disk.js'
import type { Maybe } from './storage/storage.js'
import { type Node, OUT_OF_LINE } from './tree/node.js'
import { Nodes } from './tree/nodes.js'
import { Pager } from './tree/pager.js'
import { Tree } from './tree/tree.js'
import {
  decodeReference,
  encodeReference,
  isLarge,
  MAX_LOGGED,
  type Reference,
  readValue,
} from './tree/values.js'

/** What the log grows by at once, in bytes. */
const LOG_EXTENT = 256 * 1024
/** Extents of at least this many pages keep links rare on small pages. */
const MIN_LOG_PAGES = 4

/** Keys or changes after which others may get their turn. */
const STEP = 64
/** Pages that puts leave to deletes and checkpoints when page numbers run out. */
const RESERVED_PAGES = 1 << 24

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
  readonly disk: Disk
  readonly options: Options
  readonly pageSize: number
  readonly space: Space
  readonly pins: Pins
  readonly pager: Pager
  readonly tree: Tree
  readonly backlog: Backlog
  readonly log: Log
  /** The last checkpoint that is known to be durable, and the pin on its tree. */
  meta: Meta
  durable: Pin
  suspects: Suspect[] = []
  /** While changes are being applied in more than one turn: the tree before them. */
  #before: Pin | null = null
  isClosed = false
  /** While the store is suspended: settled when it goes on, or is closed instead. */
  resumed: Promise<void> | null = null

  private constructor(disk: Disk, options: Options, meta: Meta, space: Space, end: LogEnd) {
    this.disk = disk
    this.options = options
    this.meta = meta
    this.pageSize = meta.pageSize
    this.space = space
    this.pager = new Pager(disk, meta.pageSize, options.cacheSize)
    this.pager.generation = meta.generation
    this.pins = new Pins((extent) => {
      space.release(extent.page, extent.count)
      this.pager.drop(extent.page)
      this.backlog.unsynced.delete(extent.page)
    })
    this.tree = new Tree(meta.root, new Nodes(this.pager, this.pins, space), this.pins)
    this.durable = this.pins.acquire(meta.root, true)
    this.backlog = new Backlog(options, this.pager, disk)
    this.log = new Log(this, meta.pageSize, logExtentPages(meta.pageSize), end)
  }

  /** Opens the store in `file`, or makes one if the file is empty. */
  static async open(disk: Disk, options: Options): Promise<Engine> {
    const found = await readMeta(disk)
    if (found === null && (options.readOnly || !options.createIfMissing)) {
      throw new KvError(
        'KV_NO_STORE',
        `A store does not exist in ${disk.name}, which is empty: one is made without readOnly and with createIfMissing`,
        {
          file: disk.name,
        },
      )
    }
    if (found !== null && options.errorIfExists) {
      throw new KvError(
        'KV_EXISTS',
        `A store exists in ${disk.name} already: open it without errorIfExists`,
        {
          file: disk.name,
        },
      )
    }
    if (found !== null && !options.readOnly) await disk.measure()
    const meta = found ?? (await create(disk, options.pageSize))
    const recovered = await recover(disk, meta)
    const space = spaceWithout(disk, meta, await readFreeList(disk, meta), recovered.taken)
    const engine = new Engine(disk, options, meta, space, recovered.end)
    engine.backlog.add(recovered.bytes, 0)
    let applied = 0
    for (const changes of recovered.batches) {
      for (const change of changes) {
        engine.pager.hold()
        const loaded = engine.load(change)
        if (loaded instanceof Promise) await loaded
        engine.apply(change)
        engine.pager.unhold()
        if (++applied % STEP === 0) await nextTurn()
      }
    }
    if (!options.readOnly) {
      // What a process wrote that died may not be safe from a power cut yet, and what it replaced is about to be reused.
      await disk.sync()
      engine.log.synced = engine.log.sequence
    }
    return engine
  }

  /** Waits out a suspension. Throws if the store is closed. */
  async awake(): Promise<void> {
    while (this.resumed !== null) await this.resumed
    if (this.isClosed) throw new KvError('KV_CLOSED', 'The store is closed')
  }

  /** The root that readers begin at: of the tree as it is, or was before the changes that are being applied. */
  get root(): number {
    return this.#before?.root ?? this.tree.root
  }

  /** Keeps the current tree as it is until the pin is released. */
  pin(): Pin {
    if (this.#before === null) return this.pins.acquire(this.tree.root)
    this.#before.refs++
    return this.#before
  }

  pinned(): Pinned {
    return { engine: this, pin: this.pin() }
  }

  /** Applies many changes in more than one turn of the event loop. Readers see none of them until the end. */
  async applySlowly(changes: Iterable<Change>): Promise<void> {
    const before = this.pins.acquire(this.tree.root)
    this.#before = before
    try {
      let done = 0
      for (const change of changes) {
        this.apply(change)
        if (++done % STEP === 0) await nextTurn()
      }
    } finally {
      this.#before = null
      this.pins.release(before)
    }
  }

  /** The values of keys in the current tree, null for those that are not there. */
  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | null)[]> {
    const pin = this.pin()
    try {
      const values: Maybe<Uint8Array | null>[] = []
      for (const key of keys) {
        const value = this.lookup(pin.root, key)
        // An error is reported below.
        if (value instanceof Promise) value.catch(() => {})
        values.push(value)
        if (values.length % STEP === 0) await nextTurn()
      }
      return await Promise.all(values)
    } finally {
      this.pins.release(pin)
    }
  }

  /** The value of `key` in the current tree, null if there is none. At once if the storage answers at once. */
  get(key: Uint8Array): Maybe<Uint8Array | null> {
    const found = this.lookup(this.root, key)
    if (!(found instanceof Promise)) return found
    // Writes go on while the storage is asked; the pin keeps the pages on the way from being reused.
    const pin = this.pin()
    return found.finally(() => this.pins.release(pin))
  }

  /** The value of `key` in the tree under `root`, which is pinned if the answer may be late. */
  lookup(root: number, key: Uint8Array): Maybe<Uint8Array | null> {
    let page = root
    while (page !== 0) {
      const node = this.pager.fetch(page)
      if (node instanceof Promise) return node.then((late) => this.#lookupIn(late, key))
      if (node.height === 0) return this.#valueOf(node, key)
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
      if (node.height > 0) {
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
    return node.height === 0 ? this.#valueOf(node, key) : this.lookup(node.child(node.childFor(key)), key)
  }

  #valueOf(leaf: Node, key: Uint8Array): Maybe<Uint8Array | null> {
    const i = leaf.search(key)
    return i < 0 ? null : this.valueAt(leaf, i)
  }

  /** Bytes of the value in cell `i` of a leaf, wherever it is stored. */
  lengthAt(leaf: Node, i: number): number {
    const value = leaf.value(i)
    return leaf.isOutOfLine(i) ? decodeReference(value).length : value.length
  }

  /** A copy of the value in cell `i` of a leaf, wherever it is stored. */
  valueAt(leaf: Node, i: number): Maybe<Uint8Array> {
    const value = leaf.value(i)
    if (!leaf.isOutOfLine(i)) return b4a.from(value)
    const reference = decodeReference(value)
    if (reference.length > MAX_LOGGED) return this.readLarge(reference)
    const fetched = this.pager.fetchValue(reference)
    return fetched instanceof Promise ? fetched.then((late) => b4a.from(late.value)) : b4a.from(fetched.value)
  }

  /** Reads a value that is not kept in the cache. */
  readLarge(reference: Reference): Maybe<Uint8Array> {
    const kept = this.backlog.unsynced.get(reference.page)
    return kept === undefined ? readValue(this.disk, this.pageSize, reference) : b4a.from(kept)
  }

  /** Brings into memory what `apply` will need. */
  load(change: Change): Maybe<void> {
    if (change.kind !== 'clear') return this.tree.load(change.key)
    const start = this.tree.load(change.start)
    return start instanceof Promise
      ? start.then(() => this.tree.load(change.end))
      : this.tree.load(change.end)
  }

  apply(change: Change): void {
    const { tree } = this
    if (change.kind === 'del') tree.delete(change.key)
    else if (change.kind === 'clear') tree.deleteRange(change.start, change.end)
    else if (change.kind === 'putReference')
      tree.put(change.key, encodeReference(change.reference), OUT_OF_LINE)
    else if (isLarge(change.key, change.value, this.pageSize))
      tree.put(change.key, encodeReference(tree.nodes.createValue(change.value)), OUT_OF_LINE)
    else tree.put(change.key, change.value, change.value.length)
  }

  /** Throws if the file is as long as page numbers allow: what is left is for deletes and checkpoints. */
  checkRoom(): void {
    if (this.space.pageCount <= MAX_PAGES - RESERVED_PAGES) return
    throw new KvError(
      'KV_FULL',
      `${this.disk.name} has ${this.space.pageCount} pages, the most that a store has`,
      {
        file: this.disk.name,
      },
    )
  }

  /** Takes pages for a value of so many bytes. */
  takePages(bytes: number): Extent {
    const count = Math.ceil(bytes / this.pageSize)
    const page = this.space.allocate(count)
    this.pins.born(page)
    return { page, count }
  }

  /** A large value was written to its pages. It is written again should a sync fail. */
  keepUntilSynced(page: number, value: Uint8Array): void {
    if (this.disk.canSync) this.backlog.unsynced.add(page, page * this.pageSize, value)
  }

  /** Gives pages back that nothing has ever referred to. */
  giveBack({ page, count }: Extent): void {
    this.space.release(page, count)
  }
}

function logExtentPages(pageSize: number): number {
  return Math.max(MIN_LOG_PAGES, LOG_EXTENT / pageSize)
}

/** Makes an empty store. It exists once its meta page is safe. */
async function create(disk: Disk, pageSize: number): Promise<FoundMeta> {
  const reserved = reservedPages(pageSize)
  const log = { page: reserved, count: logExtentPages(pageSize) }
  const meta: FoundMeta & { readonly salt: Salt } = {
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
    salt: drawSalt(),
    wrongSlot: null,
    isFlipped: false,
  }
  const offset = metaOffset(meta.generation)
  const start = new Uint8Array(offset + META_SIZE)
  start.set(encodeMeta(meta), offset)
  await disk.write(0, start)
  await disk.sync()
  return meta
}
