// The options of a store and of its sessions, and their checks.

import type { Bytes, SuspendOptions } from '@coreyard/hypercore-types'
import type { AllToAllOptions, Replicator } from '@coreyard/replicator'
import type { StorageOptions } from '@coreyard/storage'
import { badArgument, describe } from '../errors/errors.js'
import { copied, isOptions, plainOptions } from './copied-options.js'
import { checkBoolean, HIDDEN, readCoreOptions } from './core-options.js'
import { type GetOptions, mergeOptions } from './get-options.js'
import { ROOT_NAMESPACE, readNamespace } from './namespaces.js'
import { refuseMisspelled } from './option-names.js'
import { type RecoveryOptions, readRecovery } from './recovery-options.js'
import type { WaitSignal } from './signal.js'

/** A custom replicator, or the options of the default one (`AllToAllReplicator`). */
export type ReplicatorOption = Replicator | AllToAllOptions

/**
 * Hypercore options that a store may set as defaults for every `get`. The options that say which core is meant, and those that concern a
 * single session, are excluded.
 */
export type CoreDefaults = Omit<
  GetOptions,
  | 'name'
  | 'key'
  | 'discoveryKey'
  | 'keyPair'
  | 'manifest'
  | 'preload'
  | 'exclusive'
  | 'wait'
  | 'writable'
  | 'active'
  | 'overwrite'
  | 'signal'
>

/** The options of a session or namespace. It inherits the others from the store that makes it. */
export interface SessionOptions extends CoreDefaults {
  /**
   * 32 bytes: the namespace, as in `store.ns`. `null`: the namespace of 32 zero bytes, which is the default of a root store. A session
   * inherits the namespace of the store that makes it.
   */
  namespace?: Uint8Array | null | undefined
  /**
   * 32 bytes, from which the session derives its key pairs instead of the store's primary key. Its names are separate from the store's.
   */
  primaryKey?: Uint8Array | undefined
  /** `false`: closing this session closes the store that made it, too. Default `true`. */
  detach?: boolean | undefined
  /**
   * Nothing is written through this store, its sessions, its cores or their sessions. In a read-only session, blocks that a peer sends are
   * still stored; in a read-only root store they are not. Default `false`.
   */
  readOnly?: boolean | undefined
  /** `false` is the same as `readOnly: true`. */
  writable?: boolean | undefined
  /** `false`: cores opened through this store are not announced to peers, only served when asked for. Default `true`. */
  active?: boolean | undefined
  /** The manifest version of new named cores. Default 1. */
  manifestVersion?: number | undefined
}

/** The options of `new Corestore(storage, options)`. */
export interface StoreOptions
  extends Omit<SessionOptions, 'detach'>,
    Pick<StorageOptions, 'engine' | 'randomAccess' | 'id' | 'wait' | 'allowBackup' | 'treeCache'> {
  /**
   * 32 bytes, from which the key pairs of named cores derive. Default: random bytes, which are kept in the storage. Opening fails with
   * `STORAGE_CONFLICT` if the storage holds different ones.
   */
  primaryKey?: Uint8Array | undefined
  /** Ignored. It is accepted because Corestore 7 requires it together with `primaryKey`. */
  unsafe?: boolean | undefined
  /** How many idle cores stay open, and how many may be in use by peers in addition (at least 64). Default 1000. */
  cacheSize?: number | undefined
  /**
   * Milliseconds after which a core that no session and no peer uses is closed. 0: as soon as it is idle. `Infinity`: only when more than
   * `cacheSize` cores are idle. Sessions with `weak: true` do not count. Default 10,000.
   */
  idleTimeout?: number | undefined
  /** Default: an `AllToAllReplicator` with its default options. */
  replicator?: ReplicatorOption | undefined
  /**
   * What happens before a core is opened or written if its peers may have newer blocks. In a copied store, and in one that was open when
   * the machine lost power, cores ask their peers first. `false`: they do not ask, now or later. Use it only if you know that no peer has
   * newer blocks. Default: see {@link RecoveryOptions}.
   */
  recovery?: RecoveryOptions | false | undefined
  /**
   * Whether other processes of the same user may inspect the store, with the command `coreyard` or with `@coreyard/inspector`. They cannot
   * change it. The process of the store needs the package `@coreyard/inspector`. It works only on Node.js, and for a store in a directory.
   * Default: `true` if the environment variable `COREYARD_INSPECT` is `1`, otherwise `false`.
   */
  inspector?: boolean | undefined
  /** `false`: `suspend` and `resume` do nothing. Default: `false` on Android, where the system suspends apps itself; otherwise `true`. */
  suspend?: boolean | undefined
}

/** The options of `ready`. */
export interface ReadyOptions {
  /**
   * Ends the wait. If the store was made with `wait`, the signal also ends the wait for the other store, and this store does not open.
   */
  signal?: WaitSignal | null | undefined
}

/** The options of `suspend`. */
export interface StoreSuspendOptions extends SuspendOptions {
  /**
   * Ends the wait. If the store has not begun to suspend, it does not suspend. If it has, it becomes suspended anyway, until `resume`.
   */
  signal?: WaitSignal | null | undefined
}

/**
 * The options of a session, checked, together with what it inherits from the store that made it. Bytes are a `Buffer` on platforms that
 * have it, because code for Corestore 7 calls `toString('hex')`.
 */
export interface SessionSettings {
  readonly namespace: Bytes
  readonly primaryKey: Bytes | null
  readonly readOnly: boolean
  readonly active: boolean
  readonly manifestVersion: number
  readonly defaults: CoreDefaults
}

/** Returns options as a plain object. Throws BAD_ARGUMENT if one of them is a misspelling of one of `names`. */
export function readOptions<Options extends object>(
  options: Options,
  names?: readonly (keyof Options & string)[],
): Options {
  if (!isOptions(options)) throw badArgument(`options must be an object, not ${describe(options)}`)
  const plain = plainOptions(options)
  if (names !== undefined) refuseMisspelled(plain, new Set(names))
  return plain
}

/** Reads the options of a session. Throws BAD_ARGUMENT. */
export function readSessionOptions(
  options: SessionOptions,
  parent: SessionSettings,
  place: 'store' | 'session' = 'session',
): SessionSettings {
  const plain = readOptions(options)
  const { namespace, primaryKey, detach, readOnly, writable, active, manifestVersion } = plain
  for (const [name, value] of Object.entries({ detach, readOnly, writable, active }))
    checkBoolean(name, value)
  const defaults = readCoreOptions(plain, place, NO_DEFAULTS)
  return {
    namespace: namespace === undefined ? parent.namespace : readNamespace(namespace ?? ROOT_NAMESPACE),
    primaryKey: readPrimaryKey(primaryKey) ?? parent.primaryKey,
    readOnly: parent.readOnly || readOnly === true || writable === false,
    active: active ?? parent.active,
    manifestVersion: readManifestVersion(manifestVersion ?? parent.manifestVersion),
    defaults: hasAny(defaults) ? mergeOptions(parent.defaults, defaults) : parent.defaults,
  }
}

/** Options that are not Hypercore's, or that only `get` can have. The types forbid the latter. */
const NO_DEFAULTS: ReadonlySet<string> = new Set([
  ...HIDDEN,
  'namespace',
  'primaryKey',
  'detach',
  'readOnly',
  'writable',
  'active',
  'manifestVersion',
  'name',
  'key',
  'discoveryKey',
  'keyPair',
  'manifest',
  'preload',
  'exclusive',
  'overwrite',
  'signal',
])

function hasAny(options: object): boolean {
  for (const _ in options) return true
  return false
}

/** Checks the options of a store. Throws BAD_ARGUMENT. */
export function readStoreOptions(options: StoreOptions): SessionSettings {
  const {
    unsafe,
    cacheSize,
    idleTimeout,
    replicator,
    recovery,
    inspector,
    suspend,
    engine,
    randomAccess,
    treeCache,
    id,
    wait,
    allowBackup,
    ...session
  } = readOptions(options)
  if (cacheSize !== undefined && cacheSize !== Infinity && !(Number.isInteger(cacheSize) && cacheSize >= 0)) {
    throw badArgument(
      `cacheSize must be an integer from 0, or Infinity, not ${describe(cacheSize, 'number')}`,
    )
  }
  if (idleTimeout !== undefined && !(typeof idleTimeout === 'number' && idleTimeout >= 0)) {
    throw badArgument(
      `idleTimeout must be milliseconds from 0, or Infinity, not ${describe(idleTimeout, 'number')}`,
    )
  }
  if (replicator !== undefined && (typeof replicator !== 'object' || replicator === null)) {
    throw badArgument(
      `replicator must be one of your own, or options of the default one, not ${describe(replicator)}`,
    )
  }
  readRecovery(recovery)
  for (const [name, value] of Object.entries({ inspector, suspend, unsafe })) checkBoolean(name, value)
  // The storage checks the store's own primary key; only a session derives with one of its own.
  return { ...readSessionOptions(session, STORE_DEFAULTS, 'store'), primaryKey: null }
}

const STORE_DEFAULTS: SessionSettings = {
  namespace: ROOT_NAMESPACE,
  primaryKey: null,
  readOnly: false,
  active: true,
  manifestVersion: 1,
  defaults: {},
}

/** Returns a copy, because the caller may wipe the bytes after the call. */
function readPrimaryKey(primaryKey: Uint8Array | null = null): Bytes | null {
  if (primaryKey === null) return null
  if (primaryKey instanceof Uint8Array && primaryKey.byteLength === 32) {
    return copied(primaryKey)
  }
  throw badArgument(`primaryKey must be 32 bytes, not ${describe(primaryKey)}`)
}

function readManifestVersion(version: number): number {
  // Hypercore 11 knows versions 0 (whose key is the hash of a simpler manifest), 1 and 2 (lib/verifier.js).
  if (version === 0 || version === 1 || version === 2) return version
  throw badArgument(`manifestVersion must be 0, 1 or 2, not ${describe(version, 'number')}`)
}
