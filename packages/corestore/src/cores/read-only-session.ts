// The Hypercore sessions of a read-only store. Hypercore's option `writable: false` keeps them from appending, but not from clearing
// blocks, keeping user data or making a session that is writable.

import { readOnlySessions } from '@coreyard/hypercore-port'
import { sessionReadOnly } from '../errors/errors.js'

/** A session through which nothing is written: it rejects with `SESSION_NOT_WRITABLE`. */
export const ReadOnlySession = readOnlySessions(sessionReadOnly)
