/**
 * The undocumented parts of Hypercore and hypercore-storage that Coreyard relies on. Each file says which members it calls, replaces or
 * reads, and in which version. The tests check that the installed versions still have them.
 *
 * The types of the documented parts, and of the members of a core that a store uses, are in `@coreyard/hypercore-types`.
 *
 * @packageDocumentation
 */

export { closingSteps, endExclusives } from './core/close-core.js'
export {
  hasHeard,
  hasPeers,
  hasTold,
  isHeld,
  messagesTo,
  requestsTo,
  sessionsOf,
  somePeer,
  storedKeyPair,
  usageOf,
} from './core/core-use.js'
export { DoubtfulCore } from './core/doubtful-core.js'
export {
  type BlockRange,
  blocksHere,
  blocksOfPeer,
  blocksWanted,
  connectionOf,
  isEncrypted,
  oldestRequest,
  onConflict,
  rangesHere,
  requestMark,
} from './core/inside.js'
export { onlyServe } from './core/only-serve.js'
export { type CoreCalls, type KnownCore, openCore, stopDownloading } from './core/open-core.js'
export { PeersWords } from './core/peers-words.js'
export { gateSends, type Syncs, tellHeld } from './core/send-gate.js'
export { isWriting, whileUnwritten, writeEnded } from './core/writing.js'
export { KnownKeySession, type KnownKeys } from './session/known-key-session.js'
export { readOnlySessions } from './session/read-only-session.js'
export { activeSession, failSession, SessionClass, weakSession } from './session/session-class.js'
export { sessionOptions } from './session/session-options.js'
