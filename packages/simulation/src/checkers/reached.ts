// Which machines can reach one another.

import type { Machine } from '../machine/machine.js'
import type { World } from '../world.js'

/** The machines that a core can come to from one of them, by others if need be. That one comes first. */
export function reachedFrom(world: World, from: number, core: number): Machine[] {
  const reached = new Set([from])
  for (const near of reached) {
    for (const { ends } of world.options.links) {
      if (!ends.includes(near)) continue
      const far = ends[0] === near ? ends[1] : ends[0]
      const permitted =
        world.permissions.permits(near, far, core) && world.permissions.permits(far, near, core)
      if (permitted) reached.add(far)
    }
  }
  return [...reached].map((index) => world.machine(index))
}
