// What a machine does to see what is there.

import { textOf } from '../machine/store.js'
import type { World } from '../world.js'
import { hex } from '../world.js'
import type { ReadOperation } from './operation.js'
import { withCore } from './sessions.js'

type Of<Kind> = Extract<ReadOperation, { kind: Kind }>

export async function read(world: World, operation: Of<'read'>): Promise<string> {
  const core = world.core(operation.core)
  const machine = world.machine(operation.machine)
  return withCore(world, machine, core, operation, async (session) => {
    const most = Math.max(session.length, core.model.acknowledged.blocks.length)
    const index = Math.floor(operation.at * most)
    const value = textOf(await session.get(index, { timeout: operation.timeout }))
    if (value === null) return `block ${index} is not there`
    if (!core.model.isPossible(index, value)) {
      world.fail('wrong block', `${machine.name} reads '${value.slice(0, 60)}' at ${index} of ${core.label}`)
    }
    return `block ${index}`
  })
}

export async function follow(world: World, operation: Of<'follow'>): Promise<string> {
  const core = world.core(operation.core)
  const machine = world.machine(operation.machine)
  if (machine.followed.has(core)) return 'already'
  machine.follow(core)
  return core.label
}

export async function unfollow(world: World, operation: Of<'unfollow'>): Promise<string> {
  const core = world.core(operation.core)
  const machine = world.machine(operation.machine)
  if (!machine.followed.has(core)) return 'not followed'
  await machine.unfollow(core)
  return core.label
}

export async function list(world: World, operation: Of<'list'>): Promise<string> {
  const { coreyard, name } = world.machine(operation.machine)
  if (coreyard === null) return 'cannot'
  const known = new Set([...world.cores, ...world.retired].map(({ discoveryKey }) => hex(discoveryKey)))
  let count = 0
  for await (const { discoveryKey, key } of coreyard.stored()) {
    count++
    if (!known.has(hex(discoveryKey))) world.fail('error', `${name} stores a core that is none: ${hex(key)}`)
  }
  return `${count} cores`
}

export async function audit(world: World, operation: Of<'audit'>): Promise<string> {
  const machine = world.machine(operation.machine)
  return machine.coreyard === null ? 'cannot' : `${await auditMachine(world, operation.machine)} cores`
}

/** Audits every core of a machine. Gives their number. */
export async function auditMachine(world: World, index: number): Promise<number> {
  const { coreyard, name } = world.machine(index)
  let count = 0
  if (coreyard === null) return count
  for await (const { key, audit: found } of coreyard.audit({ dryRun: true })) {
    count++
    const { corrupt, droppedBits, droppedBlocks, droppedTreeNodes } = found ?? {}
    if (found !== null && !corrupt && !droppedBits && !droppedBlocks && !droppedTreeNodes) continue
    world.fail('audit', `${name}: ${world.labelOf(key)}: ${JSON.stringify(found)}`)
  }
  return count
}
