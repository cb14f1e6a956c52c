// The options of `store.get`: checked and copied at the call, merged with the defaults of the store. core-request.ts reads which core they
// select.

import type { HypercoreOptions, KeyPair, ManifestInput, ValueEncoding } from '@coreyard/hypercore-types'
import { badArgument, describe } from '../errors/errors.js'
import { copied, isOptions, plainOptions } from './copied-options.js'
import { KEY_FORMS, readCoreOptions, readKeyPair, readManifest } from './core-options.js'
import { readSignal, type WaitSignal } from './signal.js'

/** A key: 32 bytes, 64 characters of hex, or 52 characters of z32. */
export type CoreKey = Uint8Array | string

// Hypercore options that mean something else to `get`, and those that only the store sets.
type OwnOption = 'name' | 'key' | 'discoveryKey' | 'keyPair' | 'manifest' | 'exclusive' | 'preload'
export type HiddenOption =
  | 'storage'
  | 'core'
  | 'sessions'
  | 'ongc'
  | 'parent'
  | 'preopen'
  | 'snapshot'
  | 'atom'
  | 'checkout'

/**
 * The options of `store.get`. `name`, `key`, `discoveryKey`, `keyPair` or `manifest` says which core is meant; a name cannot be combined
 * with a key or a key pair. Most of the others are options of Hypercore. Bytes are copied at the call. An option that is `undefined` counts
 * as not given.
 */
export interface GetOptions<Encoding extends ValueEncoding = ValueEncoding>
  extends Omit<HypercoreOptions<Encoding>, OwnOption | HiddenOption> {
  /**
   * A local name, never sent to a peer. The key pair derives from it and the store's namespace, so the core is writable. A string or bytes:
   * at least 1 byte, at most 4000 bytes of UTF-8, or at most 2951 bytes that are not UTF-8. A string and its UTF-8 bytes are the same name.
   */
  name?: string | Uint8Array | undefined | null
  /** The public key of a core. */
  key?: CoreKey | undefined | null
  /** The discovery key of a core that is stored already: 32 bytes, hex or z32. */
  discoveryKey?: CoreKey | undefined | null
  /**
   * Signs the core's blocks. On its own, it selects the core with the default manifest for this key pair, in the store's
   * `manifestVersion`. If that core is not stored but a core of Corestore 6 is, whose key is the public key, it selects that one. Then
   * `core.key` is correct only once the core is open.
   * Together with a `key` that belongs to a default manifest for this key pair, in any version, the manifest is inferred and the core is
   * writable. With any other key, the core is writable if its stored manifest lists the key pair as a signer.
   */
  keyPair?: KeyPair | undefined | null
  /** Who may sign the core's blocks. On its own, it determines the key. With a name, the core of that name is created with it. */
  manifest?: ManifestInput | undefined | null
  /**
   * Empties the core if it is stored. It keeps its key, and peers replace their blocks with what is appended next. `core.key` is known once
   * the core is open. Default `false`.
   */
  overwrite?: boolean | undefined
  /** A writable session waits until every other exclusive writable session of that core has closed. Default `false`. */
  exclusive?: boolean | undefined
  /**
   * Options that are known only later, as a promise or a function. They override the options that are passed directly. Together, the two
   * must say which core is meant. `exclusive` is ignored here.
   */
  preload?: PromiseLike<GetOptions> | (() => GetOptions | PromiseLike<GetOptions>) | undefined | null
  /**
   * Ends the wait for the core: the session's `ready()` rejects with the signal's reason (see {@link WaitSignal}), and the session is
   * closed. It has no effect once the core is open, even if the session then waits for exclusive access.
   */
  signal?: WaitSignal | undefined | null
}

/**
 * Returns the argument of `get` as options that the caller cannot change later: only those that were given, each one checked. Throws
 * BAD_ARGUMENT.
 */
export function readGetOptions(argument: CoreKey | GetOptions | null | undefined): GetOptions {
  if (typeof argument === 'string' || argument instanceof Uint8Array) return { key: copied(argument) }
  const given = readCoreOptions(toGetOptions(argument), 'get')
  const { name, key, discoveryKey, keyPair = null, manifest = null, signal } = given
  if (signal !== undefined) given.signal = readSignal(signal)
  if (name) given.name = copied(name)
  if (key) given.key = copied(key)
  if (discoveryKey) given.discoveryKey = copied(discoveryKey)
  if (keyPair !== null) given.keyPair = readKeyPair(keyPair)
  if (manifest !== null) given.manifest = readManifest(manifest)
  return given
}

function toGetOptions(argument: GetOptions | null | undefined): GetOptions {
  if (argument === undefined || argument === null) return {}
  if (isOptions<GetOptions>(argument)) return plainOptions(argument)
  throw badArgument(`get takes a key (${KEY_FORMS}) or an object of options, not ${describe(argument)}`)
}

/** Merges options: a given option replaces the default. Both arguments must have been read. */
export function mergeOptions<Options extends GetOptions>(defaults: Options, given: Options): Options {
  const merged = { ...defaults, ...given }
  // `encryptionKey` is the older form of `encryption`, and Hypercore prefers it.
  if ('encryption' in given && !given.encryptionKey) merged.encryptionKey = null
  else if (given.encryptionKey && !given.encryption) merged.encryption = null
  return merged
}
