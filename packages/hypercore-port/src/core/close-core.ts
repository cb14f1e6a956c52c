// Closing a core. `Core.close` of Hypercore 11.39 rejects while a session is open, and does not await a block that is being written.

import { setImmediate } from 'node:timers'
import type { Core, Hypercore as HypercoreSession } from '@coreyard/hypercore-types'
import { tellHeld } from './send-gate.js'
import { writesEnded } from './writing.js'

/**
 * Returns the steps that close a core, in order. Run all of them even if one fails, because a core that stays open keeps a part of the
 * storage open.
 *
 * @param ending settles when the sessions that the caller closes have closed; `null` if it closes none
 */
export function closingSteps(core: Core, ending: Promise<unknown> | null): (() => Promise<unknown>)[] {
  return [
    async () => {
      if (ending === null) return
      await ending
      await sessionsAttached()
    },
    async () => tellHeld(core),
    () => replicationDone(core),
    () => endSessions(core),
    () => core.close(),
  ]
}

/** Rejects every exclusive session of a core that is waiting for its turn, and every later one. */
export function endExclusives(core: Core, error: Error): void {
  core.lockExclusive = () => Promise.reject(error)
  core.exclusive?.destroy(error)
}

/** Ends the replication of a core and waits until what peers have sent is stored. */
async function replicationDone(core: Core): Promise<void> {
  await core.replicator.close()
  await writesEnded(core)
}

/** Closes the remaining sessions of a core. A forced deletion may find sessions that have just opened. */
async function endSessions(core: Core): Promise<void> {
  // Each session is closed once: one that fails to close may stay in the list of the core.
  const closed = new Set<HypercoreSession<unknown>>()
  while (core.hasSession()) {
    const sessions = core.allSessions().filter((session) => !closed.has(session))
    if (sessions.length === 0) return
    for (const session of sessions) closed.add(session)
    await Promise.allSettled(sessions.map(async (session) => session.close()))
  }
}

/**
 * Resolves when the sessions that were given this core have attached to it. Hypercore attaches them some microtasks later, and a core
 * cannot be closed while a session attaches.
 */
function sessionsAttached(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
