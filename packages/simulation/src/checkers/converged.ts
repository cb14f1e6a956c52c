// When all is quiet and every link is whole, all machines that can reach each other have the same of every core.

import type { Machine } from '../machine/machine.js'
import { type Session, textOf } from '../machine/store.js'
import type { SimulatedCore } from '../simulated-core.js'
import type { World } from '../world.js'
import { converge, type Difference } from './converge.js'
import { reachedFrom } from './reached.js'

/** A core on a machine that can have it. */
interface Copy {
  readonly machine: Machine
  readonly session: Session
}

export async function checkConverged(world: World): Promise<void> {
  for (const core of world.cores) {
    for (const machine of world.machines) {
      if (!machine.followed.has(core)) machine.follow(core)
      // A range that is being downloaded does not come back to what was cleared.
      machine.followed.get(core)?.download({ start: 0, end: -1 })
    }
  }
  const groups = world.cores.map((core, index) => ({ core, copies: copiesOf(world, core, index) }))
  for (const { core, copies } of groups) {
    if (!(await converge(world, core, () => differenceIn(copies)))) return
    await checkContent(world, core, copies)
  }
}

/** The writer's copy, then those of the machines that can reach it. */
function copiesOf(world: World, core: SimulatedCore, index: number): Copy[] {
  return reachedFrom(world, core.owner, index).flatMap((machine) => {
    const session = machine.followed.get(core)
    return session ? [{ machine, session }] : []
  })
}

/** What one copy has and another lacks; `null` if they are the same. */
async function differenceIn(copies: readonly Copy[]): Promise<Difference | null> {
  const [own] = copies
  if (own === undefined) return null
  const { length, fork } = own.session
  for (const { machine, session } of copies) {
    if (session.closing !== null) return { machine, text: `${machine.name}'s session is closed` }
    if (!session.opened) return { machine, text: `${machine.name} has not opened it` }
    if (session.length === length && session.fork === fork) continue
    const writer = `${own.machine.name} has length ${length} of fork ${fork}`
    return {
      machine,
      text: `${machine.name} has length ${session.length} of fork ${session.fork}, ${writer}`,
    }
  }
  for (let index = 0; index < length; index++) {
    const has = await Promise.all(copies.map(({ session }) => session.has(index)))
    // One that was cleared everywhere is nowhere.
    const lacking = copies.find((_, copy) => !has[copy])
    if (lacking === undefined || !has.includes(true)) continue
    return { machine: lacking.machine, text: `${lacking.machine.name} lacks block ${index}` }
  }
  return null
}

/** The writer has what it must have, and all others have the same. */
async function checkContent(world: World, core: SimulatedCore, copies: readonly Copy[]): Promise<void> {
  const [own] = copies
  if (own === undefined) return
  const { length, fork } = own.session
  const contents = await Promise.all(
    copies.map(({ session }) =>
      Promise.all(
        Array.from({ length }, async (_, index) => textOf(await session.get(index, { wait: false }))),
      ),
    ),
  )
  const isWhole = core.model
    .find(fork, length)
    .some(({ blocks }) => blocks.every((value, index) => isBlock(contents[0]?.[index], value)))
  if (!isWhole) {
    const found = `length ${length} of fork ${fork}`
    world.fail('lost', `${core.label} has ${found}; it may have ${core.model.describe()}`)
  }
  for (const [copy, { machine }] of copies.entries()) {
    for (let index = 0; index < length; index++) {
      if (isBlock(contents[copy]?.[index], contents[0]?.[index])) continue
      world.fail('wrong block', `${machine.name} has another block ${index} of ${core.label} than its writer`)
    }
  }
}

/** Whether two are the same block, or one of them is not here. */
function isBlock(one: string | null = null, other: string | null = null): boolean {
  return one === null || other === null || one === other
}
