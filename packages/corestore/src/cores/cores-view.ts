// `store.cores`: the open cores, as packages of the ecosystem read them.

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

  /** The number of open or opening cores. */
  get size(): number {
    return this[CORES]().size
  }

  /** A snapshot of them, as a `Map` from discovery key (hex) to core. */
  get map(): Map<string, Core> {
    return new Map(Array.from(this[CORES](), ({ id, core }) => [id, core]))
  }

  /** Returns the open core with this discovery key (32 bytes, or hex), or `null`. */
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
