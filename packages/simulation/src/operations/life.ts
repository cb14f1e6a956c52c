// What becomes of a store: it flushes, sleeps, closes and crashes, and opens again.

import type { Machine } from '../machine/machine.js'
import type { World } from '../world.js'
import type { LifeOperation } from './operation.js'

type Of<Kind> = Extract<LifeOperation, { kind: Kind }>

export async function flush(world: World, operation: Of<'flush'>): Promise<string> {
  const machine = world.machine(operation.machine)
  const { coreyard } = machine
  if (coreyard === null) return 'cannot'
  await world.securing(machine, () => coreyard.storage.flush())
  return 'done'
}

export async function suspend(world: World, operation: Of<'suspend'>): Promise<string> {
  const machine = world.machine(operation.machine)
  const { store } = machine
  await world.securing(machine, () => machine.whileUp(store.suspend()))
  await world.clock.sleep(operation.pause)
  await machine.whileUp(store.resume())
  return 'resumed'
}

export async function reopen(world: World, operation: Of<'reopen'>): Promise<string> {
  const machine = world.machine(operation.machine)
  await machine.close()
  await openAfter(world, machine, operation.pause)
  return 'done'
}

export async function crash(world: World, operation: Of<'crash'>): Promise<string> {
  const machine = world.machine(operation.machine)
  await machine.crash(operation.loss, operation.calls)
  await openAfter(world, machine, operation.pause)
  return 'done'
}

export async function restore(world: World, operation: Of<'restore'>): Promise<string> {
  const machine = world.machine(operation.machine)
  const copy = await machine.copy(operation.by)
  await world.clock.sleep(operation.meanwhile)
  if (!machine.isUp) return 'is down'
  await machine.close()
  if (machine.isBusy) return 'is opened again'
  machine.restore(copy)
  await openAfter(world, machine, operation.pause)
  return 'done'
}

async function openAfter(world: World, machine: Machine, pause: number): Promise<void> {
  await world.clock.sleep(pause)
  if (!machine.isBusy) await machine.open()
}
