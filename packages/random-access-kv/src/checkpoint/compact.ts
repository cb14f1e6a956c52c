// Moving pages to the front of the file, so that its end becomes free and can be cut off. Nodes and large values are moved here. The next
// checkpoint moves the log and the free list. It also makes the moved pages durable and frees the old ones.

import type { Engine } from '../engine.js'
import { nextTurn } from '../event-loop.js'
import type { Maybe } from '../storage/storage.js'
import { type Node, OUT_OF_LINE } from '../tree/node.js'
import { decodeReference, encodeReference, MAX_LOGGED, type Reference } from '../tree/values.js'

/** When moving pages is worth it. */
export interface Measure {
  /** Free bytes for each byte in use. */
  readonly ratio: number
  /** The maximum number of bytes in use, which is the most that is read and moved. */
  readonly most: number
}

/** For `compact`, which moves at most three times as many bytes as it frees. */
export const WHEN_ASKED: Measure = { ratio: 1 / 3, most: Number.POSITIVE_INFINITY }
/** For a store that closes: it only moves what takes a moment. So the pages of the old log do not stay as a hole in the file. */
export const WHEN_CLOSING: Measure = { ratio: 1 / 3, most: 16 << 20 }

/** Free pages at the end of the file are cut off automatically if they have more than this many bytes. */
export const WORTH_GIVING = 1 << 20
/** With fewer free bytes, a checkpoint is not worth it. */
const LEAST = 256 * 1024
/** After this many leaves, commits may run. */
const STEP = 32

/** Cuts off the free pages at the end of the file, if they have more than `least` bytes. Nothing else may write meanwhile. */
export function giveEndBack({ space, disk, pageSize }: Engine, least: number): Maybe<void> {
  const size = (space.pageCount - space.freeAtEnd) * pageSize
  const excess = Math.max(space.freeAtEnd * pageSize, disk.length - size)
  if (!disk.canTruncate || excess <= least) return undefined
  space.trim()
  return disk.truncate(size)
}

export function isWorthMoving({ space, pageSize }: Engine, { ratio, most }: Measure): boolean {
  const used = (space.pageCount - space.freePages) * pageSize
  const free = space.freePages * pageSize
  return free > LEAST && free > used * ratio && used <= most
}

/**
 * Goes through leaves, beginning with that of `from`, and moves pages behind `boundary`. Nothing else may write meanwhile.
 *
 * @returns the key to continue from; null at the end
 */
export async function moveSome(
  engine: Engine,
  from: Uint8Array,
  boundary: number,
): Promise<Uint8Array | null> {
  let key: Uint8Array | null = from
  for (let step = 0; step < STEP && key !== null; step++) key = await moveLeaf(engine, key, boundary)
  return key
}

/** Moves the leaf of a key, its large values and its parents. Returns the key at which the next leaf begins. */
async function moveLeaf(engine: Engine, key: Uint8Array, boundary: number): Promise<Uint8Array | null> {
  const { tree, pager, pins } = engine
  pager.hold()
  try {
    await tree.load(key)
    const path = tree.pathTo(key)
    if (path === null) return null
    const next = path.end
    const { depth } = path
    const values = await moveValues(engine, path.leaf, boundary)
    const lowest = values.size > 0 ? depth : path.nodes.findLastIndex(({ page }) => page >= boundary)
    if (lowest < 0) return next
    pins.changing()
    const node = path.writable(lowest)
    for (const [i, reference] of values) {
      tree.nodes.freeValue(node.value(i))
      node.replaceValue(i, encodeReference(reference), OUT_OF_LINE)
    }
    return next
  } finally {
    pager.unhold()
  }
}

/** Copies the values behind the boundary to other pages. Returns where they are now, by their place in the leaf. */
async function moveValues(engine: Engine, leaf: Node, boundary: number): Promise<Map<number, Reference>> {
  const moved = new Map<number, Reference>()
  try {
    for (let i = 0; i < leaf.count; i++) {
      if (!leaf.isOutOfLine(i)) continue
      const reference = decodeReference(leaf.value(i))
      if (reference.page < boundary) continue
      await moveValue(engine, reference, (to) => moved.set(i, to))
      await nextTurn()
    }
    return moved
  } catch (error) {
    for (const reference of moved.values()) engine.tree.nodes.freeValue(encodeReference(reference))
    throw error
  }
}

/** Calls `place` once the value has a new place, before it is written there. */
async function moveValue(engine: Engine, from: Reference, place: (to: Reference) => void): Promise<void> {
  const { tree, pager, disk, pageSize } = engine
  if (from.length <= MAX_LOGGED) {
    place(tree.nodes.createValue((await pager.fetchValue(from)).value))
    return
  }
  const value = await engine.reader.readLarge(from)
  const { page } = engine.takePages(value.length)
  place({ ...from, page })
  await disk.write(page * pageSize, value)
  engine.keepUntilSynced(page, value)
}
