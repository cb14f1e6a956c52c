// What a store is checked against: what its file is made of at one moment, pinned until the check is over.

import { type Meta, reservedPages } from './checkpoint/meta.js'
import type { Engine } from './engine.js'
import type { View } from './memtable/view.js'
import type { Extent } from './space/space.js'

/** What the file is made of at one moment. */
export interface Plan {
  readonly root: number
  readonly meta: Meta
  /** The last log record that was safe from a power cut. */
  readonly synced: number
  readonly pageCount: number
  readonly free: Extent[]
  readonly others: [Extent, string][]
  readonly detached: number[]
  readonly view: View
  readonly release: () => void
}

/** Takes down which pages are what, and pins them. */
export function plan(engine: Engine): Plan {
  const { space, pins, tree, log, meta, suspects } = engine
  const others: [Extent, string][] = [[{ page: 0, count: reservedPages(engine.pageSize) }, 'the meta pages']]
  for (const extent of log.extents) others.push([extent, 'the log'])
  for (const extent of log.refusedPages) others.push([extent, 'a refused batch'])
  for (const { freeList } of [meta, ...suspects]) others.push([freeList, 'the free list'])
  for (const extent of pins.waiting()) others.push([extent, 'a freed page'])
  for (const memtable of [engine.recent, engine.frozen]) {
    for (const [page, count] of memtable?.values ?? []) others.push([{ page, count }, 'a large value'])
  }
  const view = engine.view()
  const shared = pins.shareAll()
  return {
    root: view.root,
    view,
    meta,
    synced: log.synced,
    pageCount: space.pageCount,
    free: [...space.extents()],
    others,
    detached: [...tree.leftovers.detached],
    release: () => {
      view.release()
      for (const held of shared) pins.release(held)
    },
  }
}
