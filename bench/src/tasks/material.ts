// Cores and blocks as the tasks use them: their names, their contents, and stores that are filled with them.

import type { Hypercore } from '@coreyard/hypercore-types'
import { expectResult } from '../bench-error.js'
import type { Place, Store } from '../contestants/contestant.js'
import { BATCH, SMALL_BLOCK } from '../sizes.js'
import { withStore } from './task.js'

/** So many cores are opened at once where that is not what is measured. */
const AT_ONCE = 1000

export function coreName(index: number): string {
  return `core-${index}`
}

/** A block with a content of its own. */
export function block(index: number, size = SMALL_BLOCK): Buffer {
  const bytes = Buffer.alloc(size, index & 0xff)
  bytes.writeUInt32BE(index)
  return bytes
}

export function blocks(count: number, size = SMALL_BLOCK): Buffer[] {
  return Array.from({ length: count }, (_, index) => block(index, size))
}

/** The same numbers below `limit` in every run, in no order. */
export function scattered(count: number, limit: number): number[] {
  // A linear congruential generator, with the numbers of Numerical Recipes.
  let state = 1
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  })
}

/** Sessions of the cores 0 to `count`, opened many at a time. */
export async function openCores(
  store: Store,
  count: number,
  open = (index: number) => store.named(coreName(index)),
): Promise<Hypercore[]> {
  const cores: Hypercore[] = []
  while (cores.length < count) {
    const from = cores.length
    const next = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => open(from + i))
    cores.push(...(await Promise.all(next)))
  }
  return cores
}

/** Stores cores, and closes the store. */
export async function fill(place: Place, count: number): Promise<void> {
  await withStore(place, (store) => openCores(store, count))
}

/** Appends blocks in batches. */
export async function fillCore(core: Hypercore, count: number, size = SMALL_BLOCK): Promise<void> {
  // Large blocks in small batches: a batch is in memory as a whole.
  const batch = Math.max(1, Math.min(BATCH, Math.floor((BATCH * SMALL_BLOCK * 10) / size)))
  for (let from = 0; from < count; from += batch) {
    const length = Math.min(batch, count - from)
    await core.append(Array.from({ length }, (_, i) => block(from + i, size)))
  }
}

/** Does something with every core, with many at a time. */
export async function eachAtOnce(
  cores: readonly Hypercore[],
  work: (core: Hypercore, index: number) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < cores.length; from += AT_ONCE) {
    await Promise.all(cores.slice(from, from + AT_ONCE).map((core, i) => work(core, from + i)))
  }
}

/** Checks that blocks are those that {@link block} makes for these indexes. */
export function expectBlocks(
  actual: readonly Uint8Array[],
  indexes: readonly number[],
  size = SMALL_BLOCK,
): void {
  expectResult(actual.length, indexes.length, 'blocks that were read')
  for (const [at, index] of indexes.entries()) {
    const same = block(index, size).equals(actual[at] ?? new Uint8Array())
    expectResult(same, true, `whether block ${index} is what was appended`)
  }
}

/** The key of an open core. */
export function keyOf(core: Hypercore): Uint8Array {
  if (core.key === null) throw new TypeError('The core is not open')
  return core.key
}
