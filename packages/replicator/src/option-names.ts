// The names of the options of a replicator and of `replicate`: to recognise a misspelled one, and one in the wrong place.

import type { AllToAllOptions } from './all-to-all.js'
import type { ReplicateOptions } from './replicator.js'

/** The options of the default replicator. */
export const OF_REPLICATOR: ReadonlySet<string> = new Set<keyof AllToAllOptions>([
  'authorize',
  'active',
  'maxUnknown',
  'handshakeTimeout',
  'maxStreams',
  'maxAsks',
  'maxAttached',
  'maxLookups',
])

/** The options of `replicate`. */
export const OF_STREAM: readonly string[] = [
  'stream',
  'keepAlive',
  'keyPair',
  'remotePublicKey',
  'pattern',
  'enableSend',
] satisfies (keyof ReplicateOptions)[]
