// The batches of a round: puts of all sizes, some of them of what is structure elsewhere, deletes, and ranges.

import type { Operation } from '../src/index.js'
import type { Setup } from './setup.js'

/** Where hostile values come from. */
export interface Sources {
  /** The file of another store. */
  readonly other: Uint8Array
  /** The file of this store, as it is now. */
  own(): Uint8Array
}

/** The most bytes of a hostile value that is not a whole store. */
const PIECE = 20_000

export function drawBatch(draw: () => number, setup: Setup, sources: Sources, most: number): Operation[] {
  return Array.from({ length: 1 + Math.floor(draw() * most) }, () => drawOperation(draw, setup, sources))
}

function drawOperation(draw: () => number, setup: Setup, sources: Sources): Operation {
  const kind = draw()
  const key = drawKey(draw, setup)
  if (kind < 0.12) return { type: 'del', key }
  if (kind < 0.15) return { type: 'clear', gte: key, ...(draw() < 0.8 && { lt: after(key) }) }
  if (setup.isHostile && kind > 0.85) return { type: 'put', key, value: hostileValue(draw, setup, sources) }
  return { type: 'put', key, value: plainValue(draw, setup.options.pageSize ?? 4096) }
}

function drawKey(draw: () => number, { keys }: Setup): Uint8Array {
  const n = Math.floor(draw() * keys)
  if (n === 0) return new Uint8Array(0)
  // Some are so long that a node takes more than one page.
  return Buffer.from(n % 17 === 0 ? `key ${n} ${'long '.repeat(n * 6)}` : `key ${n}`)
}

function after(key: Uint8Array): Uint8Array {
  return Buffer.concat([key, Uint8Array.of(0xff)])
}

/** Large values go through the log, or, above 8 KB, past it. */
function plainValue(draw: () => number, pageSize: number): Uint8Array {
  const kind = draw()
  const most = kind > 0.96 ? 14_000 : kind > 0.88 ? Math.min(pageSize * 2.5, 9000) : 90
  return Buffer.alloc(Math.floor(draw() * most), Math.floor(draw() * 256))
}

function hostileValue(draw: () => number, { hasWholeStores }: Setup, sources: Sources): Uint8Array {
  const from = draw() < 0.5 ? sources.other : sources.own()
  if (hasWholeStores && draw() < 0.1) return from.slice()
  // Meta pages stand at the start; what begins at a page's start comes to stand at one.
  const start = draw()
  const at = start < 0.2 ? 0 : Math.floor(draw() * from.length)
  const aligned = start < 0.7 ? at - (at % 512) : at
  return from.slice(aligned, aligned + Math.floor(draw() * PIECE))
}
