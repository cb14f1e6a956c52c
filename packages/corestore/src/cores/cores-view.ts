// `store.cores`: what packages of the ecosystem read of the open cores.

import type { Core } from '@coreyard/hypercore-types'
import { coreId } from '../lookup/core-identity.js'
import { keep } from '../user-code/wrappable.js'
import type { OpenCores } from './open-cores.js'

const CORES = Symbol('@coreyard/corestore/cores')

/** The cores that are open or opening in a store and all its sessions. Iterates over Hypercore's `Core` objects. */
export class CoresView implements Iterable<Core> {
  /** @internal */
  declare readonly [CORES]: () => OpenCores

  constructor(cores: OpenCores) {
    keep(this, CORES, cores)
  }

  /** How many there are. */
  get size(): number {
    return this[CORES]().size
  }

  /** All of them by discovery key in hex: a copy, as of now. */
  get map(): Map<string, Core> {
    return new Map(Array.from(this[CORES](), ({ id, core }) => [id, core]))
  }

  /** The one with this discovery key (32 bytes, or hex), or `null`. */
  get(discoveryKey: Uint8Array | string): Core | null {
    if (typeof discoveryKey === 'string') return this[CORES]().get(discoveryKey)?.core ?? null
    // A session has no discovery key before it is open.
    if (!(discoveryKey instanceof Uint8Array)) return null
    return this[CORES]().get(coreId(discoveryKey))?.core ?? null
  }

  /** Every open core. */
  *[Symbol.iterator](): IterableIterator<Core> {
    for (const { core } of this[CORES]()) yield core
  }
}
