// Makes the view of a store (store-view.ts) that an inspector reads.

import { nameOfAlias } from '../names/core-name.js'
import type { SharedStore } from './shared-store.js'
import type { StoreView } from './store-view.js'

export function viewStore(shared: SharedStore): StoreView {
  const { engine, cores, passive, replicator, limits, conflicts } = shared
  return {
    engine: engine.engine,
    directory: engine.directory,
    readOnly: engine.readOnly,
    get suspended() {
      return shared.suspended
    },
    get doubt() {
      if (engine.continuity.isCopy) return 'copy'
      return engine.continuity.isInDoubt ? 'unclean' : null
    },
    cacheSize: limits.cacheSize,
    idleTimeout: limits.idleTimeout,
    get passive() {
      return passive.view
    },
    get idle() {
      return cores.idle
    },
    nameOf: nameOfAlias,
    core: (id) => cores.get(id),
    cores: () => cores,
    conflicts: conflicts.byCore,
    streams: () => replicator.streams(),
  }
}
