// What a session is opened with. What the core beneath it is opened or created with lives in ../core/options.ts.

import type { ValueEncoding } from '../bytes/encoding.js'
import type { Core } from '../core/core.js'
import type { SharedCoreOptions } from '../core/options.js'
import type { KeyPair } from '../key-pair.js'
import type { StorageAtom } from '../storage/core-storage.js'
import type { CorestoreStorage } from '../storage/corestore-storage.js'
import type { EncryptionOption } from './encryption.js'
import type { Hypercore } from './session.js'

/** Options that belong to one session, not to the core that sessions share. */
export interface SharedSessionOptions<Encoding extends ValueEncoding | null | undefined = ValueEncoding> {
  /** How values become bytes and back. Default: bytes. */
  valueEncoding?: Encoding | undefined
  /** Encodes the values of one `append` at once, instead of `valueEncoding`. */
  encodeBatch?: ((values: readonly unknown[]) => Uint8Array[]) | undefined
  /** Who signs what this session appends. Default: the core's. */
  keyPair?: KeyPair | null | undefined
  /** How blocks are encrypted: a key of 32 bytes, `{ key, block }`, or an encryption of your own. Default: not. */
  encryption?: EncryptionOption | null | undefined
  /** Older form of `encryption: { key }`. */
  encryptionKey?: Uint8Array | null | undefined
  /** Older form of `encryption: { block }`: whether `encryptionKey` is the key of the blocks itself. */
  isBlockKey?: boolean | undefined
  /** `false`: nothing is appended or truncated through it. Default: whether the secret key is there. */
  writable?: boolean | undefined
  /**
   * Whether it waits until every other exclusive, writable session of the core has closed, and they for it. Default:
   * `false`.
   */
  exclusive?: boolean | undefined
  /** Whether the core is downloaded while the session is open. Default: `true`, `false` where `weak`. */
  active?: boolean | undefined
  /** Whether the core may close while the session is open; that then closes as well. Default: `false`. */
  weak?: boolean | undefined
  /**
   * Whether to wait for a peer who has a block that is not here. Default: `true`. If not, `get` gives `null` for it,
   * which its type tells where `wait: false` is passed to `get` itself.
   */
  wait?: boolean | undefined
  /** How long to wait for a block, in milliseconds; 0 for no limit. Default: 0. */
  timeout?: number | undefined
  /** Called when a `get` has to wait for a peer. */
  onwait?: ((index: number, session: Hypercore<unknown>) => void) | null | undefined
  /** Called with the block of every `get`. */
  onseq?: ((index: number, session: Hypercore<unknown>) => void) | null | undefined
  /** Whether blocks are only taken from peers who send them unasked; holds for all sessions. Default: `false`. */
  pushOnly?: boolean | undefined
  /** Kept with the core, and never sent to a peer. */
  userData?: Readonly<Record<string, Uint8Array | string>> | null | undefined
}

/** Options of `session` and `snapshot`; what is left out is as in the session it is made of. */
export interface SessionOptions<Encoding extends ValueEncoding | null | undefined = ValueEncoding>
  extends SharedSessionOptions<Encoding> {
  /** Whether it shows the core as it is now, whatever happens later. Default: `false`. */
  snapshot?: boolean | undefined
  /** Its name: it is a branch of the core with blocks of its own, kept on the disk until `commit`. Default: none. */
  name?: string | null | undefined
  /** Whether a branch of that name starts anew. Default: `false`. */
  overwrite?: boolean | undefined
  /** Its changes are written with the others of the atom, when that is flushed. */
  atom?: StorageAtom | null | undefined
  /** Truncates it to this length, in blocks; only with `name` or `atom`. */
  checkout?: number | undefined
}

/** Options of the constructor. */
export interface HypercoreOptions<Encoding extends ValueEncoding | null | undefined = ValueEncoding>
  extends SharedCoreOptions,
    SessionOptions<Encoding> {
  keyPair?: KeyPair | null | undefined
  overwrite?: boolean | undefined
  /** 32 bytes, 64 characters of hex or 52 of z-base-32. Default: the core that is stored, or a new one. */
  key?: Uint8Array | string | null | undefined
  /** Instead of the argument: a directory or a storage. */
  storage?: string | CorestoreStorage | null | undefined
  /** Whether the newest block is fetched with every new length. Default: `false`. */
  allowLatestBlock?: boolean | undefined
  /** More options, when they are known. Until then the session has no core, and so no key. */
  preload?: PromiseLike<Partial<HypercoreOptions>> | null | undefined
  /** The open core to be a session of. Default: one is opened. */
  core?: Core | null | undefined
  /** The list to be put on while open. Default: that of the core's other sessions. */
  sessions?: Hypercore<unknown>[] | null | undefined
  /** Called when it has closed and is off the list. */
  ongc?: ((session: Hypercore<unknown>) => void) | null | undefined
  /** The session that it is made of. */
  parent?: Hypercore<unknown> | null | undefined
}
