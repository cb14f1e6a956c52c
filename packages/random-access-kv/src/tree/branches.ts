// Building the branches of a tree whose leaves are there already.

import { NODE_HEADER } from './node.js'
import type { Nodes } from './nodes.js'

const EMPTY = new Uint8Array(0)
/** Bytes of two cells and their slots, without keys. */
const TWO_CELLS = 16

/** Nodes of one height, in the order of their keys. */
export interface Siblings {
  readonly pages: readonly number[]
  /** The key at which each begins. That of the first is not needed. */
  readonly starts: readonly Uint8Array[]
}

/** Builds branches over the nodes. Returns the page of the root: the only node, if there is one only. */
export function rootOver(store: Nodes, { pages, starts }: Siblings, height = 1): number {
  if (pages.length === 1) return pages[0] as number
  const branches: number[] = []
  const branchStarts: Uint8Array[] = []
  for (let i = 0; i < pages.length; ) {
    const least = NODE_HEADER + TWO_CELLS + (starts[i + 1]?.length ?? 0)
    const branch = store.create(Math.max(store.pageSize, least), height)
    branches.push(branch.page)
    branchStarts.push(starts[i] as Uint8Array)
    branch.insertChild(0, EMPTY, pages[i] as number)
    i++
    while (i < pages.length && branch.insertChild(branch.count, starts[i] as Uint8Array, pages[i] as number))
      i++
  }
  return rootOver(store, { pages: branches, starts: branchStarts }, height + 1)
}
