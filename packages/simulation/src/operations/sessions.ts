// Getting a core on a machine, in each of the ways that there are.

import type { Machine } from '../machine/machine.js'
import type { Session, Store } from '../machine/store.js'
import type { SimulatedCore } from '../simulated-core.js'
import type { World } from '../world.js'
import type { Via } from './operation.js'

export interface Access {
  readonly via: Via
  /** Whether through a session of the store that closes afterwards. */
  readonly session?: boolean
  readonly exclusive?: boolean
}

/** Opens a session of a core, hands it to `use`, and closes it. */
export async function withCore<T>(
  world: World,
  machine: Machine,
  core: SimulatedCore,
  { via, session = false, exclusive = false }: Access,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const made: Store[] = []
  const keep = (store: Store) => {
    made.unshift(store)
    return store
  }
  let store = session ? keep(machine.store.session()) : machine.store
  // Only its writer has a name for it.
  const byName = via === 'name' && machine.index === core.owner
  if (byName && core.namespace !== null) store = keep(store.namespace(core.namespace))
  const which = byName
    ? { name: core.name }
    : via === 'discoveryKey'
      ? { discoveryKey: core.discoveryKey }
      : { key: core.key }
  const opened = store.get({ ...which, ...(exclusive ? { exclusive } : {}) })
  world.observe(machine, core, opened)
  try {
    await opened.ready()
    // The store may have closed it meanwhile, and says nothing of the core then.
    if (opened.closing !== null) throw Object.assign(new Error('The session closes'), { code: 'SESSION_CLOSED' })
    return await use(opened)
  } finally {
    await opened.close()
    for (const own of made) await own.close()
  }
}
