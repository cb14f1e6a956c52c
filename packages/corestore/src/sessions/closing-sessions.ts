// Closes the Hypercore sessions of one store, without waiting for other stores.

import type { Hypercore } from '@coreyard/hypercore-types'
import { allClosed } from '../lifetime/lifetime.js'
import type { SessionTracker } from './session-tracker.js'

/** How often `closedUnless` checks, in milliseconds: there is no event for what `waits` checks. */
const LOOK_INTERVAL = 20

/**
 * Closes the sessions of a store. It does not wait for a session that opens only after `resume`, or after another store's exclusive
 * session: such a session closes by itself once it has opened.
 *
 * @param isSuspended whether the store must not use the disk
 * @returns `undefined` if there are none
 */
export function closeSessions(
  sessions: SessionTracker,
  isSuspended: () => boolean,
): Promise<void> | undefined {
  const { all } = sessions
  if (all.length === 0) return undefined
  const waits = (session: Hypercore<unknown>) =>
    !session.opened && (isSuspended() || sessions.isExclusive(session))
  return allClosed(
    all.map((session) => {
      // An open session closes at once: only one that is still opening may wait.
      const isOpen = session.opened
      const closing = session.close()
      return isOpen ? closing : closedUnless(() => waits(session), closing)
    }),
  )
}

/** Waits for `closing`, but only until `waits` says that it depends on another store or on `resume`. */
async function closedUnless(waits: () => boolean, closing: Promise<void>): Promise<void> {
  if (waits()) {
    closing.catch(() => {}) // no caller waits for it
    return
  }
  let look: ReturnType<typeof setInterval> | undefined
  const given = new Promise<void>((resolve) => {
    look = setInterval(() => waits() && resolve(), LOOK_INTERVAL)
  })
  try {
    await Promise.race([closing, given])
  } finally {
    clearInterval(look)
  }
}
