// A core that its writer has stored and not open reaches whoever asks for it.

import type { SimulatedCore } from '../simulated-core.js'
import type { World } from '../world.js'
import { reachedFrom } from './reached.js'

/** Within how many milliseconds of virtual time. */
const BOUND = 180_000
const LOOK_EVERY = 250

export async function checkServed(world: World): Promise<void> {
  for (const core of world.cores) {
    for (const machine of world.machines) {
      if (machine.index === core.owner) await machine.unfollow(core)
      else if (!machine.followed.has(core)) machine.follow(core)
    }
  }
  const giveUp = world.clock.now + BOUND
  for (const [index, core] of world.cores.entries()) {
    for (;;) {
      const missing = missingOf(world, core, index)
      if (missing === null) break
      if (world.failure !== null) return
      if (world.clock.now > giveUp) {
        world.fail('not converged', `${core.label}, which its writer has not open: ${missing}`)
        return
      }
      await world.clock.sleep(LOOK_EVERY)
    }
  }
}

/** What a machine lacks that can reach the writer of a core; `null` if all have it. */
function missingOf(world: World, core: SimulatedCore, index: number): string | null {
  for (const machine of reachedFrom(world, core.owner, index)) {
    const session = machine.followed.get(core)
    if (!session || core.model.find(session.fork, session.length).length > 0) continue
    const has = `${machine.name} has length ${session.length} of fork ${session.fork}`
    return `${has}; its writer may have ${core.model.describe()}`
  }
  return null
}
