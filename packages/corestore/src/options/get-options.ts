// What `store.get` accepts: checked and copied at the call, merged with the defaults of the store. Which core is meant is read in
// core-request.ts.

import type { HypercoreOptions, KeyPair, ManifestInput, ValueEncoding } from '@coreyard/hypercore-types'
import { badArgument, describe } from '../errors/errors.js'
import { copied, isOptions, plainOptions } from './copied-options.js'
import { KEY_FORMS, readCoreOptions, readKeyPair, readManifest } from './core-options.js'
import { readSignal, type WaitSignal } from './signal.js'

/** A key: 32 bytes, 64 characters of hex, or 52 characters of z32. */
export type CoreKey = Uint8Array | string

// Hypercore options that `get` has a meaning of its own for, and those that are the store's business.
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
 * The options of `store.get`: at most one of `name`, `key`, `discoveryKey` says which core (a `keyPair` or a `manifest`
 * alone does, too), all others are Hypercore's. Everything is copied at the call. An option that is `undefined` was not given.
 */
export interface GetOptions<Encoding extends ValueEncoding = ValueEncoding>
  extends Omit<HypercoreOptions<Encoding>, OwnOption | HiddenOption> {
  /**
   * A local name, never sent to a peer. The key pair derives from it and the store's namespace, so the core is writable.
   * A string, or bytes; 1 to 4000 bytes long, 2951 if they are not UTF-8. A string and its UTF-8 are one name.
   */
  name?: string | Uint8Array | undefined | null
  /** The public key of a core. */
  key?: CoreKey | undefined | null
  /** The discovery key of a core that is stored already: 32 bytes, hex or z32. */
  discoveryKey?: CoreKey | undefined | null
  /**
   * Signs the core's blocks. Alone, it means the core with the default manifest of the store's `manifestVersion`. If that core is not
   * stored, and one of Corestore 6 is, whose key is the public key, it means that one; `core.key` is then right once the core is open.
   * With a key that is that of a default manifest for it, of any version, the manifest is known and the core writable.
   * With any other key the core is writable if its stored manifest names the key pair as a signer.
   */
  keyPair?: KeyPair | undefined | null
  /** Who may sign the core's blocks. Alone, it gives the key. With a name, the core of that name is made with it. */
  manifest?: ManifestInput | undefined | null
  /**
   * Empties the core if it is stored. It stays the same one, and peers take on what is appended next. The key is there once the core
   * is open. Default `false`.
   */
  overwrite?: boolean | undefined
  /** A writable session waits until every other exclusive writable session of that core has closed. Default `false`. */
  exclusive?: boolean | undefined
  /**
   * More of these options, known only later; they win over the ones beside it. Either must say which core is meant. An
   * `exclusive` among them is left out.
   */
  preload?: PromiseLike<GetOptions> | (() => GetOptions | PromiseLike<GetOptions>) | undefined | null
  /**
   * Ends the wait for the core: the session's `ready()` rejects with the signal's reason, and the session is closed. It has no effect once
   * the core is open, also where the session then waits for its turn to be exclusive.
   */
  signal?: WaitSignal | undefined | null
}

/**
 * The argument of `get` as options that nobody else can change: only those that were given, checked one by one. Throws
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

/** Options over others: of each option the given one, if there is one. Both must have been read. */
export function mergeOptions<Options extends GetOptions>(defaults: Options, given: Options): Options {
  const merged = { ...defaults, ...given }
  // One is the older form of the other, and Hypercore takes `encryptionKey` first.
  if ('encryption' in given && !given.encryptionKey) merged.encryptionKey = null
  else if (given.encryptionKey && !given.encryption) merged.encryption = null
  return merged
}
