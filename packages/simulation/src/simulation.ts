// One run: its operations are performed, then all is made whole, and everything that must hold is checked.

import { checkConverged } from './checkers/converged.js'
import { checkRefused } from './checkers/refused.js'
import { checkClosed, checkOpenCores } from './checkers/released.js'
import { checkServed } from './checkers/served.js'
import type { Operation } from './operations/operation.js'
import { perform } from './operations/perform.js'
import { auditMachine } from './operations/read.js'
import { pairOf } from './permissions.js'
import type { Outcome, Plan } from './plan.js'
import { usePlatform } from './platform/install.js'
import { RunEnded } from './run-ended.js'
import { World } from './world.js'

/** Within how many milliseconds every operation has ended once all links and machines are up. */
const OPERATIONS_END = 180_000

/** How many timers and messages a run may take. Most take some 10,000. */
const MOST_CALLS = 200_000

/** @param verbose whether the log has every message and every call of a disk */
export async function simulate({ options, operations }: Plan, verbose = false): Promise<Outcome> {
  const world = new World(options, verbose)
  usePlatform({ clock: world.clock, random: world.random.fork('platform') })
  const resources = resourcesOfProcess()
  const unhandled = (error: unknown) => world.unhandled(error)
  process.on('unhandledRejection', unhandled)
  process.on('uncaughtException', unhandled)
  try {
    let isOver = false
    const over = () => {
      isOver = true
    }
    act(world, operations).then(over, (error: unknown) => {
      if (!(error instanceof RunEnded)) world.unhandled(error)
      over()
    })
    const end = await world.clock.drive(() => isOver || world.failure !== null, MOST_CALLS)
    if (end === 'stuck') world.fail('hangs', 'nothing is left that could happen')
    const left = resourcesOfProcess().filter((resource) => !resources.includes(resource))
    if (left.length > 0) world.fail('leak', `something has left the thread: ${left.join(', ')}`)
    if (end === 'busy') world.fail('hangs', `there is no end to it: ${MOST_CALLS} callbacks have run`)
  } finally {
    process.off('unhandledRejection', unhandled)
    process.off('uncaughtException', unhandled)
    world.clock.clear()
  }
  return {
    failure: world.failure,
    digest: world.log.digest(),
    log: world.log.lines,
    duration: world.clock.now,
    counts: Object.fromEntries([...world.counts, ['callbacks', world.clock.calls]]),
  }
}

/** What Node.js waits for, other than the turn of the event loop that the clock takes. A run adds nothing: it is all virtual. */
function resourcesOfProcess(): string[] {
  return process.getActiveResourcesInfo().filter((resource) => resource !== 'Immediate')
}

async function act(world: World, operations: readonly Operation[]): Promise<void> {
  await Promise.all(world.machines.map((machine) => machine.open()))
  const underWay: Promise<void>[] = []
  for (const [number, operation] of operations.entries()) {
    await world.clock.sleep(operation.wait)
    underWay.push(perform(world, operation, number))
  }
  await world.within(OPERATIONS_END, 'the operations end', Promise.all(underWay))
  await makeWhole(world)
  await checkServed(world)
  await checkConverged(world)
  checkRefused(world)
  for (const [index] of world.machines.entries()) await auditMachine(world, index)
  await checkOpenCores(world)
  await checkClosed(world)
}

/** Every machine is up, every link is whole, and everything is permitted that is not refused. */
async function makeWhole(world: World): Promise<void> {
  world.log.event('', 'all is made whole')
  world.permissions.permitAll()
  for (const machine of world.machines) if (!machine.isBusy) await machine.open()
  // What a peer was denied is offered again when it connects.
  for (const [index, { ends }] of world.options.links.entries()) {
    const link = world.network.links[index]
    if (link === undefined || !world.permissions.changed.has(pairOf(...ends))) continue
    world.network.cut(link)
    world.network.heal(link)
  }
  for (const core of world.retired) {
    for (const machine of world.machines) await machine.unfollow(core)
  }
}
