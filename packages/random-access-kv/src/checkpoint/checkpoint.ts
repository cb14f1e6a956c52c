// Checkpoints: the tree as it is becomes the durable one, and the log before it is given up. The tree is frozen in one
// step of the writer; it is then written while commits go on; the meta page is flipped last.

import { crc32 } from '../bytes/checksum.js'
import type { Engine } from '../engine.js'
import { nextTurn } from '../event-loop.js'
import type { Log } from '../log/log.js'
import type { Salt } from '../log/salt.js'
import { encodeFreeList, FREE_ENTRY } from '../space/free-list.js'
import type { Pin } from '../space/pins.js'
import { type Extent, joinExtents } from '../space/space.js'
import { Node } from '../tree/node.js'
import type { Page } from '../tree/page.js'
import { joined, takeRun } from '../tree/run.js'
import type { Portion } from './backlog.js'
import { encodeMeta, META_SIZE, type Meta, metaOffset, retryAfter } from './meta.js'

/** Neighbouring pages are written together, up to this many bytes. */
const CHUNK = 256 * 1024

export interface Frozen {
  readonly meta: Meta & { readonly salt: Salt }
  /** Everything in memory only, sorted by page. */
  readonly pages: Page[]
  readonly freeList: Uint8Array
  /** Whether it has only a part of what is to be flushed. */
  readonly isPart: boolean
  /** What is no longer there once the checkpoint is durable. */
  readonly portion: Portion
  readonly pin: Pin
  /** Other pins on the nodes being written, so that no page is reused while it is. */
  readonly others: Pin[]
  /** How many extents of the log were there before. */
  readonly oldExtents: number
}

/** Where a log begins. */
export interface LogStart {
  /** The last record that is in the tree. */
  readonly sequence: number
  readonly extent: Extent
  readonly seed: number
  readonly salt: Salt
  /** How many extents of the log come before. */
  readonly oldExtents: number
  readonly epoch: number
}

/** The start of a checkpoint: what came before will be in its tree, what comes later is in the log that it names. */
export interface Start extends LogStart {
  readonly portion: Portion
}

/** Begins a new log and a new memtable. Nothing else may be writing meanwhile. */
export async function begin(engine: Engine): Promise<Start> {
  const { log, pins } = engine
  const oldExtents = log.extents.length
  await startLog(log, engine.nextGeneration)
  engine.freezeRecent()
  const { sequence, head } = log
  return { ...head, sequence, oldExtents, epoch: pins.turn(), portion: engine.backlog.begin() }
}

/** Goes on in a new extent of the log, which the checkpoint will name. */
async function startLog(log: Log, generation: number): Promise<void> {
  const before = log.position
  try {
    await log.start(generation)
  } catch (error) {
    await log.retract(before, [])
    throw error
  }
}

/**
 * Freezes the tree, which has all that came before the start of a checkpoint. Or a part of it: then no log is given up, and what
 * is in the tree already is in the log, too. Nothing else may be writing meanwhile.
 */
export async function freeze(engine: Engine, start: Start | null): Promise<Frozen> {
  const { pins, space, tree, pager, disk, backlog, log } = engine
  const generation = engine.nextGeneration
  // Readers look for it in the log if the meta page turns out to be torn.
  if (log.linkedGeneration !== generation) await startLog(log, generation)
  // The log that the meta page names may hold one that was refused since.
  await log.clean()
  const { sequence, extent, seed, salt, oldExtents, epoch } = start ?? lastStart(engine)
  const others = pins.shareAll()
  const pin = pins.acquire(tree.root, true, epoch)
  const taken = takenFromFree(engine, oldExtents)
  const most = (space.holes + taken.length) * FREE_ENTRY
  const list: Extent = { page: 0, count: Math.ceil(most / engine.pageSize) }
  const freeListAt: Extent = list.count === 0 ? list : { page: space.allocate(list.count), count: list.count }
  const freeList = encodeFreeList(joinExtents([...space.extents(), ...taken]))
  return {
    pin,
    others,
    oldExtents,
    freeList,
    isPart: start === null,
    portion: { ...(start?.portion ?? backlog.nothing), failedSyncs: disk.failedSyncs },
    pages: [...pager.dirty].sort((a, b) => a.page - b.page),
    meta: {
      pageSize: engine.pageSize,
      generation,
      root: tree.root,
      pageCount: space.pageCount,
      freeList: freeListAt,
      freeListLength: freeList.length,
      freeListChecksum: crc32(freeList),
      log: extent,
      logSeed: seed,
      salt,
      sequence,
    },
  }
}

/** The start of the last durable checkpoint. */
function lastStart({ meta, durable }: Engine): LogStart {
  const { sequence, log, logSeed, salt } = meta
  return { sequence, extent: log, seed: logSeed, salt: salt as Salt, oldExtents: 0, epoch: durable.logEpoch }
}

/** What is not free now, but is to the checkpoint: what only older ones need, and what the log that goes on has taken. */
function takenFromFree(engine: Engine, head: number): Extent[] {
  const { log, pins, meta, suspects, recent, frozen } = engine
  const logs = log.extents.filter((_, i) => i !== head)
  const values = [...recent.values, ...(frozen?.values ?? [])].map(([page, count]) => ({ page, count }))
  const lists = [meta.freeList, ...suspects.map(({ freeList }) => freeList)].filter(({ count }) => count > 0)
  return [...logs, ...log.refusedPages, ...values, ...lists, ...pins.waiting()]
}

/** Writes what was frozen, all but the meta page, and waits until it is safe, and what was written before with it. */
export async function writeFrozen(engine: Engine, frozen: Frozen): Promise<void> {
  const { disk, pageSize } = engine
  const { freeList, meta, pages } = frozen
  if (freeList.length > 0) await disk.write(meta.freeList.page * pageSize, freeList)
  for (let i = 0; i < pages.length; ) {
    const run = takeRun(pages, i, CHUNK)
    i += run.length
    for (const page of run) if (page instanceof Node && !page.isSettled) page.seal(meta.generation)
    await disk.write((run[0] as Page).page * pageSize, joined(run))
    await nextTurn()
  }
  await syncAll(engine, frozen)
}

/** Waits until all that was written is safe. It is not if any sync has failed since the tree was frozen, be it that of a commit. */
async function syncAll({ disk, backlog }: Engine, { portion }: Frozen): Promise<void> {
  const { last } = backlog.unsynced
  await disk.sync()
  if (disk.failedSyncs !== portion.failedSyncs) throw disk.syncError
  backlog.unsynced.safe(last)
}

/** Flips to the new meta page. If this fails, it is not known which one a reopened store will find. */
export async function flip(engine: Engine, frozen: Frozen): Promise<void> {
  const { disk } = engine
  const offset = metaOffset(frozen.meta.generation)
  const before = await disk.readUpTo(offset, META_SIZE)
  await disk.write(offset, encodeMeta(frozen.meta, before))
  await syncAll(engine, frozen)
}

/** The frozen tree is durable: what only the one before needed is free. */
export function complete(engine: Engine, frozen: Frozen): void {
  const { log, pins, space, pager } = engine
  const { meta, pages, pin, oldExtents } = frozen
  for (const extent of log.extents.splice(0, oldExtents)) space.release(extent.page, extent.count)
  for (const { freeList } of [engine.meta, ...engine.suspects]) {
    if (freeList.count > 0) space.release(freeList.page, freeList.count)
  }
  pager.generation = Math.max(pager.generation, meta.generation)
  for (const page of pages) pager.cleaned(page)
  const before = [engine.durable, ...engine.suspects.map((suspect) => suspect.pin)]
  engine.meta = meta
  engine.durable = pin
  engine.suspects = []
  engine.nextGeneration = meta.generation + 1
  if (!frozen.isPart) engine.backlog.remove(frozen.portion)
  log.synced = Math.max(log.synced, meta.sequence)
  for (const old of [...before, ...frozen.others]) pins.release(old)
  pins.prune()
  pager.evict()
}

/** Writing failed before the meta page was touched: the durable tree is still the one before. */
export function abandon(engine: Engine, frozen: Frozen): void {
  const { count, page } = frozen.meta.freeList
  if (count > 0) engine.space.release(page, count)
  for (const pin of [frozen.pin, ...frozen.others]) engine.pins.release(pin)
}

/** The meta page may have been written: everything it refers to stays until a later checkpoint is durable. */
export function suspect(engine: Engine, frozen: Frozen): void {
  engine.suspects.push({ pin: frozen.pin, freeList: frozen.meta.freeList })
  engine.nextGeneration = retryAfter(frozen.meta.generation)
  for (const page of frozen.pages) page.isSettled = true
  for (const pin of frozen.others) engine.pins.release(pin)
}
