// Closing a core. `Core.close` of Hypercore 11.39 rejects while a session is open, and does not await a block that is being written.

import { setImmediate } from 'node:timers'
import type { Core, Hypercore as HypercoreSession } from '@coreyard/hypercore-types'
import { tellHeld } from './send-gate.js'
import { writesEnded } from './writing.js'

/**
 * The steps that close a core, in order. A step may fail: the caller takes all of them, because a core that stays open keeps a part of
 * the storage.
 *
 * @param ending settles when the sessions that the caller ends have closed; `null` if it ends none
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

/** Makes each exclusive session of a core fail that waits for its turn or comes later. */
export function endExclusives(core: Core, error: Error): void {
  core.lockExclusive = () => Promise.reject(error)
  core.exclusive?.destroy(error)
}

/** Ends the replication of a core and waits until what peers have sent is stored. */
async function replicationDone(core: Core): Promise<void> {
  await core.replicator.close()
  await writesEnded(core)
}

/** Closes the sessions that a core still has: of a deletion that is forced, those that have only just opened. */
async function endSessions(core: Core): Promise<void> {
  // Each once: a session that fails to close may still be one of the core.
  const closed = new Set<HypercoreSession<unknown>>()
  while (core.hasSession()) {
    const sessions = core.allSessions().filter((session) => !closed.has(session))
    if (sessions.length === 0) return
    for (const session of sessions) closed.add(session)
    await Promise.allSettled(sessions.map(async (session) => session.close()))
  }
}

/**
 * Resolves when the sessions that were handed this core have attached to it. Hypercore does that some microtasks later, and a core
 * cannot be closed while one attaches.
 */
function sessionsAttached(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
