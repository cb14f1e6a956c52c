// Nothing of a core is on a machine to which it was refused on every way.

import type { World } from '../world.js'

export function checkRefused(world: World): void {
  for (const [index, core] of world.cores.entries()) {
    const reached = new Set([core.owner])
    for (const from of reached) {
      for (const [to] of world.machines.entries()) {
        const refused =
          world.permissions.refuses(from, to, index) || world.permissions.refuses(to, from, index)
        if (!refused) reached.add(to)
      }
    }
    for (const machine of world.machines) {
      const session = machine.followed.get(core)
      if (reached.has(machine.index) || !session || session.length === 0) continue
      world.fail('refused', `${machine.name} has length ${session.length} of ${core.label}`)
    }
  }
}
