// The options that a session is opened with. ../core/options.ts has those of the core under it.

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
  /** The encoding of values. Default: values are bytes. */
  valueEncoding?: Encoding | undefined
  /** Encodes all values of one `append` together, instead of `valueEncoding`. */
  encodeBatch?: ((values: readonly unknown[]) => Uint8Array[]) | undefined
  /** The key pair that signs the blocks of this session. Default: the key pair of the core. */
  keyPair?: KeyPair | null | undefined
  /** The encryption of blocks: a key of 32 bytes, `{ key, block }`, or a custom encryption. Default: none. */
  encryption?: EncryptionOption | null | undefined
  /** Older form of `encryption: { key }`. */
  encryptionKey?: Uint8Array | null | undefined
  /** Older form of `encryption: { block }`: whether `encryptionKey` encrypts the blocks directly. */
  isBlockKey?: boolean | undefined
  /** `false`: the session cannot append or truncate. Default: whether the secret key is known. */
  writable?: boolean | undefined
  /**
   * Whether it waits until every other exclusive, writable session of the core has closed, and makes those wait for it.
   * Default: `false`.
   */
  exclusive?: boolean | undefined
  /** Whether the core is downloaded while the session is open. Default: `true`; with `weak`, `false`. */
  active?: boolean | undefined
  /** Whether the core may close while this session is open. The session then closes, too. Default: `false`. */
  weak?: boolean | undefined
  /**
   * Whether to wait for a peer that has a missing block. Default: `true`. If `false`, `get` resolves with `null` for such a
   * block. The type of `get` includes `null` only if `wait: false` is passed to `get` itself.
   */
  wait?: boolean | undefined
  /** How long to wait for a block, in milliseconds; 0 for no limit. Default: 0. */
  timeout?: number | undefined
  /** Called when a `get` has to wait for a peer. */
  onwait?: ((index: number, session: Hypercore<unknown>) => void) | null | undefined
  /** Called with the block of every `get`. */
  onseq?: ((index: number, session: Hypercore<unknown>) => void) | null | undefined
  /** Whether blocks are only accepted from peers that send them without a request. It applies to all sessions. Default: `false`. */
  pushOnly?: boolean | undefined
  /** Stored with the core, and never sent to a peer. */
  userData?: Readonly<Record<string, Uint8Array | string>> | null | undefined
}

/**
 * Options of `session` and `snapshot`. Options that are left out are taken from the session that it is made from, except the value
 * encoding: without one, values are bytes.
 */
export interface SessionOptions<Encoding extends ValueEncoding | null | undefined = ValueEncoding>
  extends SharedSessionOptions<Encoding> {
  /** Whether it shows the core as it is now, whatever happens later. Default: `false`. */
  snapshot?: boolean | undefined
  /** Makes it a named branch of the core with its own blocks, stored until `commit`. Default: none. */
  name?: string | null | undefined
  /** Whether to discard an existing branch of that name. Default: `false`. */
  overwrite?: boolean | undefined
  /** Its changes are written together with the other changes of the atom, when the atom is flushed. */
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
  /** 32 bytes, 64 characters of hex or 52 of z-base-32. Default: the key of the stored core, or of a new one. */
  key?: Uint8Array | string | null | undefined
  /** Replaces the argument `storage`: a directory or a storage. */
  storage?: string | CorestoreStorage | null | undefined
  /** Whether the newest block is fetched with every new length. Default: `false`. */
  allowLatestBlock?: boolean | undefined
  /** A promise of more options. Until it resolves, the session has no core and no key. */
  preload?: PromiseLike<Partial<HypercoreOptions>> | null | undefined
  /** The open core of the session. Default: a core is opened. */
  core?: Core | null | undefined
  /** The list of sessions that it is added to while open. Default: the list of the core's other sessions. */
  sessions?: Hypercore<unknown>[] | null | undefined
  /** Called when it has closed and was removed from the list. */
  ongc?: ((session: Hypercore<unknown>) => void) | null | undefined
  /** The session that it is made from. */
  parent?: Hypercore<unknown> | null | undefined
}
