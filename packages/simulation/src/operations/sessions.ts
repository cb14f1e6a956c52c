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
export function withCore<T>(
  world: World,
  machine: Machine,
  core: SimulatedCore,
  access: Access,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  return machine.whileUp(openAndUse(world, machine, core, access, use))
}

async function openAndUse<T>(
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
    assertOpen(opened)
    return await use(opened)
  } finally {
    await opened.close()
    for (const own of made) await own.close()
  }
}

/** A session that closes, as those of a closing store do, says nothing of its core any more. Throws `SESSION_CLOSED`. */
export function assertOpen(session: Session): void {
  if (session.closing !== null)
    throw Object.assign(new Error('The session closes'), { code: 'SESSION_CLOSED' })
}
