// Waiting until machines have the same of a core.

import type { Machine } from '../machine/machine.js'
import type { SimulatedCore } from '../simulated-core.js'
import type { World } from '../world.js'

/** Within how many milliseconds of virtual time. */
const BOUND = 180_000
const LOOK_EVERY = 250

/** What is not as it must be yet. */
export interface Difference {
  readonly machine: Machine
  readonly text: string
}

/**
 * Looks again and again until there is no difference. If that takes too long the run has failed.
 *
 * @returns whether there is none
 */
export async function converge(
  world: World,
  core: SimulatedCore,
  look: () => Promise<Difference | null>,
): Promise<boolean> {
  let giveUp = world.clock.now + BOUND
  let mayReconnect = true
  for (;;) {
    const difference = await look()
    if (difference === null) return true
    if (world.failure !== null) return false
    if (world.clock.now > giveUp) {
      const { machine, text } = difference
      if (!mayReconnect || !reconnectByRelays(world, core, machine)) {
        world.fail('not converged', `${core.label}: ${text}`)
        return false
      }
      mayReconnect = false
      giveUp = world.clock.now + BOUND
    }
    await world.clock.sleep(LOOK_EVERY)
  }
}

/**
 * Connects a machine again that gets a core from others than its writer. Hypercore 11.39.5 does not look again whether such a machine
 * can be upgraded when the other one gets the tree nodes for it. Says whether it is such a machine.
 */
function reconnectByRelays(world: World, core: SimulatedCore, machine: Machine): boolean {
  const links = world.network.links.filter(({ ends }) => ends.includes(machine))
  if (links.some(({ ends }) => ends.includes(world.machine(core.owner)))) return false
  for (const link of links) {
    world.network.cut(link)
    world.network.heal(link)
  }
  world.log.event(machine.name, 'connects again')
  return true
}
