// The options that a core is opened or created with. ../hypercore/options.ts has those of a session.

import type { KeyPair } from '../key-pair.js'
import type { ManifestInput } from '../manifest.js'
import type { Alias } from '../storage/records.js'

/** Options that a core and the constructor of a session have in common. */
export interface SharedCoreOptions {
  /** 32 bytes. The core must be stored; pass a key or a manifest to create it. */
  discoveryKey?: Uint8Array | null | undefined
  /** The key pair that signs. A new core derives its key from it, unless a key or a manifest is given. */
  keyPair?: KeyPair | null | undefined
  /** The manifest: the signers and the initial blocks of the core. A new core derives its key from it. */
  manifest?: ManifestInput | null | undefined
  /** Whether to create a core that is not stored; if not, opening rejects. Default: `true`. */
  createIfMissing?: boolean | undefined
  /** Whether to empty a stored core. Default: `false`. */
  overwrite?: boolean | undefined
  /** Whether to overwrite a stored core whose key differs from `key`. Default: `false`. */
  force?: boolean | undefined
  /**
   * Whether the key is a plain public key, as in Hypercore 9 and 10, and not the hash of a manifest. Default: `false`;
   * for `createCore` without a manifest, `true`.
   */
  compat?: boolean | undefined
  /** Whether signatures have the format of early versions of Hypercore 10. Default: `false`. */
  legacy?: boolean | undefined
  /** Whether a new length of a peer is fetched right away. Default: `true`. */
  eagerUpgrade?: boolean | undefined
  /** Whether to accept a truncated history of a peer. Default: `true`. */
  allowFork?: boolean | undefined
  /** Whether peers may send blocks without a request. Default: `false`. */
  allowPush?: boolean | undefined
  /** How long a channel stays open after the last active session has closed, in milliseconds. Default: 20 to 40 seconds. */
  notDownloadingLinger?: number | undefined
  /** The `[minimum, maximum]` of pending requests to one peer. Default: `[16, 512]`. */
  inflightRange?: readonly [number, number] | null | undefined
  /** 32 bytes: the topic of the group that it belongs to. */
  group?: Uint8Array | null | undefined
  /** A cache (`rache`) for packages that use Hypercore. Hypercore itself does not use it. */
  globalCache?: object | null | undefined
  /** A promise to wait for before the storage is used. */
  preopen?: Promise<unknown> | null | undefined
}

/** Options of `Hypercore.createCore`. */
export interface CoreOptions extends SharedCoreOptions {
  /** 32 bytes. Default: derived from the manifest or the key pair, or the key of the only stored core. */
  key?: Uint8Array | null | undefined
  /** Whether the newest block is fetched with every new length. Default: `false`. */
  alwaysLatestBlock?: boolean | undefined
  /** The name that a core is created under. Default: none. */
  alias?: Alias | null | undefined
  /** The user data of a new core. Default: none. */
  userData?: readonly { key: string; value: Uint8Array | string }[] | undefined
  /** Whether it closes with its last session. Default: `false`. */
  autoClose?: boolean | undefined
}
