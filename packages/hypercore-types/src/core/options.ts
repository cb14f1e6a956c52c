// What a core is opened or created with. What a session of it is opened with lives in ../hypercore/options.ts.

import type { KeyPair } from '../key-pair.js'
import type { ManifestInput } from '../manifest.js'
import type { Alias } from '../storage/records.js'

/** Options that a core and the constructor of a session have in common. */
export interface SharedCoreOptions {
  /** 32 bytes. The core must be stored; give a key or a manifest to create it. */
  discoveryKey?: Uint8Array | null | undefined
  /** Who signs. A core that is created gets its key from it, unless a key or a manifest is given. */
  keyPair?: KeyPair | null | undefined
  /** Who may sign, and what the core begins with. A core that is created gets its key from it. */
  manifest?: ManifestInput | null | undefined
  /** Whether a core that is not stored is created, or is an error. Default: `true`. */
  createIfMissing?: boolean | undefined
  /** Whether a core that is stored is emptied. Default: `false`. */
  overwrite?: boolean | undefined
  /** Whether a core that is stored may be another than that of `key`, and is overwritten. Default: `false`. */
  force?: boolean | undefined
  /**
   * Whether the key is a plain public key, as in Hypercore 9, and not the hash of a manifest. Default: `false`; of
   * `createCore`, `true` where no manifest is given.
   */
  compat?: boolean | undefined
  /** Whether signatures are those of early versions of Hypercore 10. Default: `false`. */
  legacy?: boolean | undefined
  /** Whether a new length of a peer is fetched right away. Default: `true`. */
  eagerUpgrade?: boolean | undefined
  /** Whether a truncated history of a peer is taken on. Default: `true`. */
  allowFork?: boolean | undefined
  /** Whether peers may send blocks unasked. Default: `false`. */
  allowPush?: boolean | undefined
  /** How long a channel stays open after the last active session has gone, in milliseconds. Default: 20 to 40 seconds. */
  notDownloadingLinger?: number | undefined
  /** `[least, most]` requests under way at once with one peer. Default: `[16, 512]`. */
  inflightRange?: readonly [number, number] | null | undefined
  /** 32 bytes: the topic of the group that it belongs to. */
  group?: Uint8Array | null | undefined
  /** A cache (`rache`) for packages that build on Hypercore; it does not use it itself. */
  globalCache?: object | null | undefined
  /** Waited for before the storage is touched. */
  preopen?: Promise<unknown> | null | undefined
}

/** Options of `Hypercore.createCore`. */
export interface CoreOptions extends SharedCoreOptions {
  /** 32 bytes. Default: from the manifest, the key pair, or the only core that is stored. */
  key?: Uint8Array | null | undefined
  /** Whether the newest block is fetched with every new length. Default: `false`. */
  alwaysLatestBlock?: boolean | undefined
  /** The name that a core is created under. Default: none. */
  alias?: Alias | null | undefined
  /** What a core is created with. Default: nothing. */
  userData?: readonly { key: string; value: Uint8Array | string }[] | undefined
  /** Whether it closes with its last session. Default: `false`. */
  autoClose?: boolean | undefined
}
