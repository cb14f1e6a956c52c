/**
 * TypeScript types of the parts of the Hypercore stack that Coreyard and its users touch: Hypercore 11, Protomux,
 * hypercore-storage 3 and the noise stream. The package has only types: no code and no dependencies.
 *
 * ```ts
 * import type { Hypercore } from '@coreyard/hypercore-types'
 *
 * async function last<T>(core: Hypercore<T>): Promise<T> {
 *   await core.ready()
 *   return core.get(core.length - 1)
 * }
 * ```
 *
 * The packages themselves have no types. `@coreyard/hypercore-types/ambient` declares them, so that
 * `import Hypercore from 'hypercore'` is typed.
 */
export type * from './bytes/bytes.js'
export type * from './bytes/encoding.js'
export type * from './core/core.js'
export type * from './core/options.js'
export type * from './core/peer.js'
export type * from './core/replicator.js'
export type * from './core/session-state.js'
export type * from './emitter.js'
export type * from './hypercore/calls.js'
export type * from './hypercore/constructor.js'
export type * from './hypercore/encryption.js'
export type * from './hypercore/events.js'
export type * from './hypercore/extension.js'
export type * from './hypercore/options.js'
export type * from './hypercore/replicate.js'
export type * from './hypercore/session.js'
export type * from './key-pair.js'
export type * from './manifest.js'
export type * from './noise-stream.js'
export type * from './proof.js'
export type * from './protomux.js'
export type * from './storage/core-storage.js'
export type * from './storage/corestore-storage.js'
export type * from './storage/database.js'
export type * from './storage/records.js'
export type * from './stream.js'
