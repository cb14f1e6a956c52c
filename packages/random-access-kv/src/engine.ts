// A store that is open: file, space, pins, cache, tree and log, put together from what the storage holds. Opening and applying a
// change are here; reading is in reader.ts, committing in commit/, checkpoints in checkpoint/.

import { Backlog } from './checkpoint/backlog.js'
import { type Meta, readMeta, retryAfter } from './checkpoint/meta.js'
import { Unsynced } from './checkpoint/unsynced.js'
import type { Change } from './commit/changes.js'
import { KvError } from './errors.js'
import { nextTurn } from './event-loop.js'
import { ExtentSizes } from './log/extents.js'
import { Log } from './log/log.js'
import type { LogEnd } from './log/position.js'
import { recover, writeAgain } from './log/recovery.js'
import { replay } from './log/replay.js'
import { drawSalt } from './log/salt.js'
import { makeStore } from './making.js'
import { type Layer, Memtable } from './memtable/memtable.js'
import { View } from './memtable/view.js'
import type { Options } from './options.js'
import { Reader } from './reader.js'
import { readFreeList, spaceWithout } from './space/free-list.js'
import { type Pin, Pins } from './space/pins.js'
import { type Extent, MAX_PAGES, type Space } from './space/space.js'
import type { Disk } from './storage/disk.js'
import { Nodes } from './tree/nodes.js'
import { Pager } from './tree/pager.js'
import { Tree } from './tree/tree.js'
import { encodeReference, isLarge, type Reference } from './tree/values.js'

/** Changes after which others may get their turn. */
const STEP = 64
/** Pages that puts leave to deletes and checkpoints when page numbers run out. */
const RESERVED_PAGES = 1 << 24

/** A checkpoint whose meta page may or may not have reached the storage: nothing it refers to may be reused. */
export interface Suspect {
  readonly pin: Pin
  readonly freeList: Extent
}

export class Engine {
  readonly disk: Disk
  readonly options: Options
  readonly pageSize: number
  readonly space: Space
  readonly pins: Pins
  readonly pager: Pager
  readonly tree: Tree
  /** What was written to its place and no sync has made safe. */
  readonly unsynced = new Unsynced()
  readonly backlog: Backlog
  readonly log: Log
  /** Of the guards of large values. */
  readonly guardKey = drawSalt().header
  /** What the log has and the tree has not; commits go here. */
  recent: Memtable
  /** What a checkpoint is bringing into the tree. */
  frozen: Memtable | null = null
  /** Those that are open. */
  readonly views = new Set<View>()
  #lastView: View | null = null
  /** The last checkpoint that is known to be durable, and the pin on its tree. */
  meta: Meta
  durable: Pin
  suspects: Suspect[] = []
  /** The number of the next checkpoint: one slot is for the last durable meta page, the other for every attempt at the next. */
  nextGeneration: number
  /** While changes are being applied in more than one turn: the store before them. */
  before: View | null = null
  readonly reader = new Reader(this)
  isClosed = false
  /** Set while the store is suspended. Settles when the store resumes, or is closed instead. */
  resumed: Promise<void> | null = null

  private constructor(disk: Disk, options: Options, meta: Meta, space: Space, end: LogEnd) {
    this.disk = disk
    this.options = options
    this.meta = meta
    this.nextGeneration = meta.generation + 1
    this.pageSize = meta.pageSize
    this.space = space
    this.pager = new Pager(disk, this.unsynced, meta.pageSize, options.cacheSize)
    this.pager.generation = meta.generation
    this.pins = new Pins((extent) => {
      space.release(extent.page, extent.count)
      this.pager.drop(extent.page)
      this.unsynced.delete(extent.page)
    })
    this.tree = new Tree(meta.root, new Nodes(this.pager, this.pins, space), this.pins)
    this.durable = this.pins.acquire(meta.root, true)
    this.recent = this.#createMemtable()
    this.backlog = new Backlog(options, this, disk)
    this.log = new Log(this, meta.pageSize, new ExtentSizes(meta.pageSize, options), end)
  }

  /** Opens the store in `disk`, or creates one if it is empty. */
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
    const meta = found ?? (await makeStore(disk, options))
    const recovered = await recover(disk, meta)
    const space = spaceWithout(disk, meta, await readFreeList(disk, meta), recovered.taken)
    const engine = new Engine(disk, options, meta, space, recovered.end)
    // What was torn there is the last attempt of those that the log knows, over the one before.
    if (meta.wrongSlot !== null) engine.nextGeneration = retryAfter(recovered.attempted)
    engine.backlog.add(recovered.bytes, 0)
    for (const changes of recovered.changes) await replay(engine, changes)
    if (!options.readOnly) {
      // Opening was tried before, and the storage has not made safe what another process wrote.
      if (disk.failedSyncs > 0) await writeAgain(disk, meta, recovered.taken)
      // What a process wrote that died may not be safe from a power cut yet, and what it replaced is about to be reused. A torn
      // record is erased first: at the end of the file, it could be whole once zeros follow it.
      await engine.log.clean()
      await engine.backlog.sync()
      engine.log.synced = engine.log.sequence
    }
    return engine
  }

  /** Waits until the store is not suspended. Throws if it is closed. */
  async awake(): Promise<void> {
    while (this.resumed !== null) await this.resumed
    if (this.isClosed) throw new KvError('KV_CLOSED', 'The store is closed')
  }

  /** Applies many changes in more than one turn of the event loop. Readers see none of them until the end. */
  async applySlowly(changes: Iterable<Change>): Promise<void> {
    const before = this.view()
    this.before = before
    try {
      let done = 0
      for (const change of changes) {
        this.apply(change)
        if (++done % STEP === 0) await nextTurn()
      }
    } finally {
      this.before = null
      before.release()
    }
  }

  #createMemtable(): Memtable {
    return new Memtable(this.options.logSize, (reference) => this.tree.nodes.freeValue(reference))
  }

  /** Begins a new memtable. The one so far is frozen: a checkpoint brings it into the tree. */
  freezeRecent(): void {
    this.frozen = this.recent
    this.recent = this.#createMemtable()
  }

  /** Bytes of memory that memtables take. */
  get memtableBytes(): number {
    return this.recent.bytes + (this.frozen?.bytes ?? 0)
  }

  get #layers(): Layer[] {
    return this.frozen === null ? [this.recent.now] : [this.recent.now, this.frozen.now]
  }

  /** Keeps the store as it is now until the view is released. */
  view(): View {
    if (this.before !== null) return this.before.share()
    const { root } = this.tree
    const layers = this.#layers
    const last = this.#lastView
    if (last !== null && !last.isReleased && last.equals(root, layers)) return last.share()
    const held = layers.map(({ memtable }) => [memtable.pins, memtable.pin()] as const)
    const pin = this.pins.acquire(root)
    const view: View = new View(this, root, layers, () => {
      this.views.delete(view)
      for (const [pins, each] of held) pins.release(each)
      this.pins.release(pin)
    })
    this.views.add(view)
    this.#lastView = view
    return view
  }

  apply(change: Change): void {
    if (change.kind === 'del') this.recent.delete(change.key)
    else if (change.kind === 'clear') this.recent.clear(change.start, change.end)
    else if (change.kind === 'putReference') {
      this.recent.hasReferences = true
      this.#putReference(change.key, change.reference)
    } else if (isLarge(change.key.length, change.value.length, this.pageSize))
      this.#putReference(change.key, this.tree.nodes.createValue(change.value))
    else this.recent.put(change.key, change.value)
  }

  #putReference(key: Uint8Array, reference: Reference): void {
    const extent = { page: reference.page, count: Math.ceil(reference.length / this.pageSize) }
    this.recent.putReference(key, encodeReference(reference), extent)
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

  /** Takes pages for a value of this size, in bytes. */
  takePages(bytes: number): Extent {
    const count = Math.ceil(bytes / this.pageSize)
    const page = this.space.allocate(count)
    this.pins.born(page)
    return { page, count }
  }

  /** Keeps a large value that was written to its pages, to write it again if a sync fails. */
  keepUntilSynced(page: number, data: Uint8Array): boolean {
    if (this.disk.canSync) this.unsynced.add(page, page * this.pageSize, data)
    return this.disk.canSync
  }

  /** Frees pages that nothing has ever referred to. */
  giveBack({ page, count }: Extent): void {
    this.space.release(page, count)
  }
}
