// What a core's writer does, and what takes blocks and copies away.

import type { State } from '../core-model.js'
import type { Machine } from '../machine/machine.js'
import { type Session, textOf } from '../machine/store.js'
import type { SimulatedCore } from '../simulated-core.js'
import type { World } from '../world.js'
import type { WriteOperation } from './operation.js'
import { assertOpen, withCore } from './sessions.js'

type Of<Kind> = Extract<WriteOperation, { kind: Kind }>

export async function append(world: World, operation: Of<'append'>): Promise<string> {
  const core = world.core(operation.core)
  const machine = world.machine(core.owner)
  return core.write(() =>
    withCore(world, machine, core, operation, (session) =>
      appendTo(world, machine, core, session, operation.sizes),
    ),
  )
}

export async function exclusive(world: World, operation: Of<'exclusive'>): Promise<string> {
  const core = world.core(operation.core)
  const machine = world.machine(core.owner)
  const mark = machine.mark(core)
  return withCore(world, machine, core, { via: 'name', exclusive: true }, async (session) => {
    const { model } = core
    if (model.exclusive === mark) {
      world.fail('exclusive', `${machine.name} has two exclusive sessions of ${core.label}`)
    }
    model.exclusive = mark
    try {
      const outcome = await core.write(() => appendTo(world, machine, core, session, [operation.size]))
      await world.clock.sleep(operation.hold)
      return outcome
    } finally {
      if (model.exclusive === mark) model.exclusive = null
    }
  })
}

export async function truncate(world: World, operation: Of<'truncate'>): Promise<string> {
  const core = world.core(operation.core)
  const machine = world.machine(core.owner)
  return core.write(() =>
    withCore(world, machine, core, operation, async (session) => {
      if (core.model.isRetired) return 'deleted meanwhile'
      const { powerCuts } = core.model
      const from = await stateOf(world, core, session)
      if (core.model.powerCuts !== powerCuts) return 'too late'
      const length = from.blocks.length - operation.count
      // Hypercore cannot prove to a peer that a core has no block left.
      if (length < 1) return 'too short'
      const to = { fork: from.fork + 1, blocks: from.blocks.slice(0, length) }
      core.model.attempt(from, to)
      await session.truncate(length)
      return acknowledge(machine, core, to, powerCuts)
    }),
  )
}

export async function clear(world: World, operation: Of<'clear'>): Promise<string> {
  const core = world.core(operation.core)
  const machine = world.machine(operation.machine)
  // Hypercore 11.39.5 clears tree nodes that a peer of an earlier length needs: it never gets a later one from here.
  const isRelay = world.network.links.filter(({ ends }) => ends.includes(machine)).length > 1
  if (machine.index === core.owner || isRelay) return 'others may need it'
  return withCore(world, machine, core, { via: 'key' }, async (session) => {
    const start = Math.floor(operation.at * session.length)
    const end = Math.min(start + operation.count, session.length)
    if (start === end) return 'nothing there'
    await session.clear(start, end)
    return `${start} to ${end}`
  })
}

export async function remove(world: World, operation: Of<'delete'>): Promise<string> {
  const core = world.core(operation.core)
  const machine = world.machine(operation.machine)
  if (machine.coreyard === null) return 'cannot'
  return machine.index === core.owner
    ? core.write(() => removeFrom(world, machine, core, operation.force))
    : removeFrom(world, machine, core, operation.force)
}

async function removeFrom(
  world: World,
  machine: Machine,
  core: SimulatedCore,
  force: boolean,
): Promise<string> {
  const { coreyard } = machine
  if (coreyard === null || core.model.isRetired) return 'gone'
  if (force) machine.deleting(core)
  let isRefused = false
  try {
    const stored = await coreyard.delete({ key: core.key }, { force })
    const isFollowed = machine.followed.get(core)?.closing === null
    if (machine.isUp && machine.followed.has(core) && !isFollowed) machine.follow(core)
    return stored ? 'deleted' : 'not stored'
  } catch (error) {
    isRefused = error instanceof Error && 'code' in error && error.code === 'CORE_IN_USE'
    if (!isRefused) throw error
    return 'in use'
  } finally {
    if (force) machine.deleting(core)
    // Its writer would sign the same lengths again.
    if (machine.index === core.owner && !isRefused) world.retire(core)
  }
}

async function appendTo(
  world: World,
  machine: Machine,
  core: SimulatedCore,
  session: Session,
  sizes: readonly number[],
): Promise<string> {
  if (core.model.isRetired) return 'deleted meanwhile'
  const { powerCuts } = core.model
  const from = await stateOf(world, core, session)
  if (core.model.powerCuts !== powerCuts) return 'too late'
  const blocks = sizes.map((size) => core.model.newBlock(core.label, size))
  const to = { fork: from.fork, blocks: [...from.blocks, ...blocks] }
  core.model.attempt(from, to)
  const { length } = await session.append(blocks)
  if (length === to.blocks.length) return acknowledge(machine, core, to, powerCuts)
  // Meanwhile a peer gave back what a power cut had taken.
  const [base] = core.model.find(session.fork, length - blocks.length)
  if (base === undefined) {
    world.fail('lost', `${core.label} has length ${length} after an append, not ${to.blocks.length}`)
    return ''
  }
  const appended = { fork: base.fork, blocks: [...base.blocks, ...blocks] }
  core.model.attempt(base, appended)
  return acknowledge(machine, core, appended, powerCuts)
}

/** @param powerCuts how many there had been when the write began */
function acknowledge(machine: Machine, core: SimulatedCore, state: State, powerCuts: number): string {
  if (core.model.powerCuts !== powerCuts) return 'too late'
  core.model.settle(state)
  if (machine.options.sync === 'always') core.model.secure(state)
  return `length ${state.blocks.length} of fork ${state.fork}`
}

/** Which of its possible states the writer has the core in. */
async function stateOf(world: World, core: SimulatedCore, session: Session): Promise<State> {
  assertOpen(session)
  const { length, fork } = session
  const states = core.model.find(fork, length)
  const isAmbiguous = length > 0 && states.length > 1
  const last = isAmbiguous ? textOf(await session.get(length - 1, { wait: false })) : null
  const found = states.findLast(({ blocks }) => last === null || blocks[length - 1] === last)
  if (found !== undefined) return found
  world.fail(
    'lost',
    `${core.label} has length ${length} of fork ${fork}; it may have ${core.model.describe()}`,
  )
  return { fork, blocks: Array.from({ length }, () => '') }
}
