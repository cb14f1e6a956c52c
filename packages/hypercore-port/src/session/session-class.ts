// Hypercore's class of sessions: the calls of its constructor for a core that is open or comes later, and what is done to a session
// from outside of it.

import type { Core, HypercoreOptions, Hypercore as HypercoreSession } from '@coreyard/hypercore-types'
import Hypercore from 'hypercore'

/** Hypercore's class, with the one call of its constructor that is made here. */
export const SessionClass = Hypercore as unknown as new (
  storage: null,
  options: HypercoreOptions,
) => HypercoreSession<unknown>

/** A session that does not keep its core open, and closes with it. */
export function weakSession(core: Core): HypercoreSession {
  return new Hypercore(null, null, { core, weak: true, active: false })
}

/** A session that makes Hypercore look for what peers have. */
export function activeSession(core: Core): HypercoreSession {
  return new Hypercore(null, { core, active: true })
}

/** Leaves a session that gets no core as Hypercore leaves one whose core failed to open: closing it is no error then. */
export function failSession(session: HypercoreSession<unknown>): void {
  Object.assign(session, { closed: true })
  session.emit('close')
}
