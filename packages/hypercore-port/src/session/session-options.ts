// The options that Hypercore gets for a session, in one shape. V8 copies and reads objects of one shape fast; an object whose
// properties differ with each call takes fifty times as long to make, and slows Hypercore's constructor down.

import type { HypercoreOptions } from '@coreyard/hypercore-types'

/**
 * Every option that Hypercore reads of a session (`Hypercore` and `_open` in its index.js). `undefined` means that the option was not
 * given.
 */
const SHAPE = {
  weak: undefined,
  onseq: undefined,
  onwait: undefined,
  wait: undefined,
  timeout: undefined,
  writable: undefined,
  active: undefined,
  group: undefined,
  encryption: undefined,
  encryptionKey: undefined,
  isBlockKey: undefined,
  valueEncoding: undefined,
  encodeBatch: undefined,
  pushOnly: undefined,
  exclusive: undefined,
  userData: undefined,
  // Options that select the core: Hypercore would interpret them differently.
  name: null,
  key: null,
  discoveryKey: null,
  overwrite: false,
  preload: null,
  // Options that Hypercore gets once there is a core.
  core: null,
  sessions: null,
  ongc: null,
  manifest: null,
  keyPair: null,
} as const satisfies HypercoreOptions

/** Options that select the core. A session with a core does not need them. */
type OfCore = 'name' | 'key' | 'discoveryKey' | 'overwrite' | 'preload' | 'manifest' | 'keyPair'

/**
 * Returns the options of a session without a core yet, without those that select the core. Spreading after `options` would change the
 * shape.
 */
export function sessionOptions(options: Omit<HypercoreOptions, OfCore>): HypercoreOptions {
  return {
    ...SHAPE,
    ...options,
    name: null,
    key: null,
    discoveryKey: null,
    overwrite: false,
    preload: null,
    manifest: null,
    keyPair: null,
  }
}
