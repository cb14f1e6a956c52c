// Nodes of memtables: they are in memory only, and are never evicted.

import { Unsynced } from '../checkpoint/unsynced.js'
import type { PageSource } from '../storage/disk.js'
import type { Node } from '../tree/node.js'
import { Nodes } from '../tree/nodes.js'
import { Pager } from '../tree/pager.js'
import type { Unmade } from './unmade.js'

/** Bytes of a node. Smaller ones are faster to insert into, larger ones make a tree of fewer levels. */
const NODE_SIZE = 4096

/** Nodes of a memtable stay dirty, so that they are never evicted and read again. */
const NO_SOURCE: PageSource = {
  name: 'a memtable',
  read() {
    throw new Error('A node of a memtable is no longer in memory')
  },
}

/** Nodes in memory only; their large values belong to the store. */
export class MemoryNodes extends Nodes {
  onFreeValue: (reference: Uint8Array) => void = () => {}

  override freeValue(reference: Uint8Array): void {
    this.onFreeValue(reference)
  }
}

/** Also has leaves that are made when they are needed. */
export class MemoryPager extends Pager {
  unmade: Unmade | null = null

  constructor() {
    super(NO_SOURCE, new Unsynced(), NODE_SIZE, Number.POSITIVE_INFINITY)
  }

  override cached(page: number): Node | undefined {
    return super.cached(page) ?? this.#make(page)
  }

  override drop(page: number): void {
    super.drop(page)
    this.unmade?.forget(page)
  }

  #make(page: number): Node | undefined {
    const leaf = this.unmade?.make(page)
    if (leaf !== undefined) this.add(leaf)
    return leaf
  }
}
