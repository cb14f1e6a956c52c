// Hypercore's class of sessions: calls of its constructor for a core that is open or known later, and changes to a session from the
// outside.

import type { Core, HypercoreOptions, Hypercore as HypercoreSession } from '@coreyard/hypercore-types'
import Hypercore from 'hypercore'

/** Hypercore's class, with the call of its constructor that is used here. */
export const SessionClass = Hypercore as unknown as new (
  storage: null,
  options: HypercoreOptions,
) => HypercoreSession<unknown>

/** Returns a session that does not keep its core open, and closes with it. */
export function weakSession(core: Core): HypercoreSession {
  return new Hypercore(null, null, { core, weak: true, active: false })
}

/** Returns a session that makes Hypercore ask peers for what they have. */
export function activeSession(core: Core): HypercoreSession {
  return new Hypercore(null, { core, active: true })
}

/** Marks a session without a core as one whose core failed to open, as Hypercore does, so that closing it is not an error. */
export function failSession(session: HypercoreSession<unknown>): void {
  Object.assign(session, { closed: true })
  session.emit('close')
}
