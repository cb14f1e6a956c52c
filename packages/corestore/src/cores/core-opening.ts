// How a core is opened that is not open yet: from the request to the options that Hypercore gets.

import type { Alias, CoreOptions } from '@coreyard/hypercore-types'
import type { CoreIdentity } from '../lookup/core-identity.js'
import type { GetOptions } from '../options/get-options.js'

/** How to open a core that is not open yet. */
export interface CoreOpening {
  readonly identity: CoreIdentity
  /** Under which name the storage files a core that it creates. */
  readonly alias: Alias | null
  /** Whether it is made if it is not stored. */
  readonly creates: boolean
  /** What `get` was given, and the store's options for the rest. */
  readonly options: GetOptions
  /** Whether the store that opens the core announces it to peers (see the store option `active`). */
  readonly active: boolean
}

/**
 * Hypercore's options for a core.
 *
 * @param gate what its opening waits for, if for anything
 * @param globalCache Hypercore's option of that name, where `get` was not given another
 */
export function coreOptions(
  { identity, alias, creates, options }: CoreOpening,
  gate: Promise<unknown> | null,
  globalCache: object | null,
): CoreOptions & { readonly discoveryKey: Uint8Array } {
  return {
    preopen: gate,
    eagerUpgrade: true,
    compat: false,
    key: identity.key,
    discoveryKey: identity.discoveryKey,
    keyPair: identity.keyPair,
    manifest: identity.manifest,
    alias,
    createIfMissing: creates,
    force: options.force,
    legacy: options.legacy,
    group: options.group,
    allowFork: options.allowFork !== false,
    allowPush: options.allowPush === true,
    alwaysLatestBlock: options.allowLatestBlock === true,
    inflightRange: options.inflightRange,
    notDownloadingLinger: options.notDownloadingLinger,
    globalCache: options.globalCache ?? globalCache,
  }
}
