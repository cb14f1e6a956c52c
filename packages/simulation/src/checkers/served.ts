// A core that its writer has stored and not open reaches every machine that asks for it.

import type { SimulatedCore } from '../simulated-core.js'
import type { World } from '../world.js'
import { converge, type Difference } from './converge.js'
import { reachedFrom } from './reached.js'

export async function checkServed(world: World): Promise<void> {
  for (const core of world.cores) {
    for (const machine of world.machines) {
      if (machine.index === core.owner) await machine.unfollow(core)
      else if (!machine.followed.has(core)) machine.follow(core)
    }
  }
  for (const [index, core] of world.cores.entries()) {
    if (!(await converge(world, core, async () => missingOf(world, core, index)))) return
  }
}

/** What a machine lacks that can reach the writer of a core; `null` if all have it. */
function missingOf(world: World, core: SimulatedCore, index: number): Difference | null {
  for (const machine of reachedFrom(world, core.owner, index)) {
    const session = machine.followed.get(core)
    if (!session || core.model.find(session.fork, session.length).length > 0) continue
    const has = `${machine.name} has length ${session.length} of fork ${session.fork}`
    const text = `${has}; its writer, which has it not open, may have ${core.model.describe()}`
    return { machine, text }
  }
  return null
}
