// Whatever was taken is given back: open cores as sessions close, and everything else as stores close.

import type { World } from '../world.js'

/** How long after the last session has closed, in milliseconds: Hypercore downloads on for up to 40 seconds. */
const QUIET_AFTER = 90_000
/** How long connections and the log of a link take to end. */
const LAST_TIMERS = 60_000
const DEFAULT_CACHE_SIZE = 1000

/** Once no session holds them, no more cores stay open than the store's cache may keep. */
export async function checkOpenCores(world: World): Promise<void> {
  for (const machine of world.machines) {
    for (const core of [...machine.followed.keys()]) await machine.unfollow(core)
  }
  await world.clock.sleep(QUIET_AFTER)
  for (const { coreyard, name, options } of world.machines) {
    const { cacheSize = DEFAULT_CACHE_SIZE } = options
    const open = coreyard?.cores.size ?? 0
    if (open > cacheSize)
      world.fail('leak', `${name} has ${open} cores open with a cacheSize of ${cacheSize}`)
    const sessions = coreyard?.sessions.size ?? 0
    if (sessions > 0) world.fail('leak', `${name} has sessions of ${sessions} cores`)
    const stores = coreyard?.corestores.size ?? 0
    if (stores > 0) world.fail('leak', `${name} has ${stores} open sessions of the store`)
  }
}

/** Closed stores leave no timers behind. */
export async function checkClosed(world: World): Promise<void> {
  for (const machine of world.machines) await machine.close()
  await world.clock.sleep(LAST_TIMERS)
  const left = world.clock.pending
  if (left.length > 0) {
    world.fail('leak', `${left.length} timers are left when all stores have closed: ${left[0]?.describe()}`)
  }
}
