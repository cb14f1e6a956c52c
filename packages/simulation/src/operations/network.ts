// What happens to links, and to what machines permit each other.

import type { Link } from '../network/network.js'
import type { World } from '../world.js'
import type { NetworkOperation } from './operation.js'

type Of<Kind> = Extract<NetworkOperation, { kind: Kind }>

export async function cut(world: World, operation: Of<'cut'>): Promise<string> {
  const link = linkOf(world, operation.link)
  world.network.cut(link)
  await world.clock.sleep(operation.pause)
  world.network.heal(link)
  return `${link.name} heals`
}

export async function slow(world: World, operation: Of<'slow'>): Promise<string> {
  const link = linkOf(world, operation.link)
  const { conditions } = link
  world.network.change(link, operation.conditions)
  await world.clock.sleep(operation.pause)
  world.network.change(link, conditions)
  return `${link.name} is as it was`
}

export async function authorize(world: World, operation: Of<'authorize'>): Promise<string> {
  const { machine, peer, core, permit } = operation
  if (world.machine(machine).coreyard === null || machine === peer) return 'cannot'
  const changed = world.permissions.set(machine, peer, core, permit)
  return changed ? (permit ? 'permits' : 'denies') : 'as before'
}

function linkOf(world: World, index: number): Link {
  const link = world.network.links[index]
  if (link === undefined) throw new RangeError(`There is no link ${index}`)
  return link
}
