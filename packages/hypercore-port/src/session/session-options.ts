// The options that Hypercore gets for a session, in one shape. V8 copies and reads objects of one shape fast; an object whose
// properties differ with each call takes fifty times as long to make, and slows Hypercore's constructor down.

import type { HypercoreOptions } from '@coreyard/hypercore-types'

/** Every option that Hypercore reads of a session (`Hypercore` and `_open` in its index.js). `undefined` means that it is not given. */
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
  // The options that say which core is meant: to Hypercore they would mean something else.
  name: null,
  key: null,
  discoveryKey: null,
  overwrite: false,
  preload: null,
  // What Hypercore is told of the core, as soon as there is one.
  core: null,
  sessions: null,
  ongc: null,
  manifest: null,
  keyPair: null,
} as const satisfies HypercoreOptions

/** Options that say which core is meant. A session is told that by its core. */
type OfCore = 'name' | 'key' | 'discoveryKey' | 'overwrite' | 'preload' | 'manifest' | 'keyPair'

/** The options of a session that has no core yet, without those that say which core. A spread after `options` would give up the shape. */
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
