// Performs one operation, and says how it went. Which errors are none is decided here.

import { RunEnded } from '../run-ended.js'
import type { World } from '../world.js'
import { crash, flush, reopen, restore, suspend } from './life.js'
import { authorize, cut, slow } from './network.js'
import { describe, type Operation } from './operation.js'
import { audit, follow, list, read, unfollow } from './read.js'
import { append, clear, exclusive, remove, truncate } from './write.js'

/**
 * Errors that an operation may meet although nothing is wrong: a block that nobody gives in time or that is truncated away, a core
 * that is not stored, a core that was opened by its key before its name was known, and is writable by its name alone, and a core of a
 * copy of which no peer has said what is newer.
 */
const DESIGNED: ReadonlySet<string> = new Set([
  'REQUEST_TIMEOUT',
  'BLOCK_NOT_AVAILABLE',
  'SNAPSHOT_NOT_AVAILABLE',
  'STORAGE_EMPTY',
  'SESSION_NOT_WRITABLE',
  'RECOVERING',
])

/** Performs an operation and tells the log. Never rejects. */
export async function perform(world: World, operation: Operation, number: number): Promise<void> {
  const actor = `#${number}`
  const machine = 'machine' in operation ? operation.machine : null
  const core = 'core' in operation ? world.core(operation.core) : null
  const actsOn = 'link' in operation ? null : world.machine(machine ?? core?.owner ?? 0)
  if (operation.kind !== 'authorize' && actsOn?.isUp === false) {
    world.log.event(actor, `${describe(operation)}: ${actsOn.name} is down`)
    return
  }
  const mark = actsOn?.mark(core)
  world.log.event(actor, describe(operation))
  try {
    world.log.event(actor, `-> ${await run(world, operation)}`)
    world.count(operation.kind)
  } catch (error) {
    if (error instanceof RunEnded) return
    const code = codeOf(error)
    world.log.event(actor, `-> ${code}`)
    if (DESIGNED.has(code) || mark !== actsOn?.mark(core)) return
    const stack = error instanceof Error ? error.stack : String(error)
    world.fail('error', `${describe(operation)} on ${actsOn?.name}: ${stack}`)
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : `${error.name}: ${error.message}`
}

function run(world: World, operation: Operation): Promise<string> {
  switch (operation.kind) {
    case 'append':
      return append(world, operation)
    case 'truncate':
      return truncate(world, operation)
    case 'exclusive':
      return exclusive(world, operation)
    case 'clear':
      return clear(world, operation)
    case 'delete':
      return remove(world, operation)
    case 'read':
      return read(world, operation)
    case 'follow':
      return follow(world, operation)
    case 'unfollow':
      return unfollow(world, operation)
    case 'list':
      return list(world, operation)
    case 'audit':
      return audit(world, operation)
    case 'flush':
      return flush(world, operation)
    case 'suspend':
      return suspend(world, operation)
    case 'reopen':
      return reopen(world, operation)
    case 'restore':
      return restore(world, operation)
    case 'crash':
      return crash(world, operation)
    case 'cut':
      return cut(world, operation)
    case 'slow':
      return slow(world, operation)
    case 'authorize':
      return authorize(world, operation)
  }
}
