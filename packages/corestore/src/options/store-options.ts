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

/** A replicator of your own, or the options of the default one, which replicates all to all. */
export type ReplicatorOption = Replicator | AllToAllOptions

/** Hypercore options that a store may set for every `get`; all but those that say which core is meant. */
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

/** What a session or namespace of a store may set for itself. What it does not set, it takes from the store that made it. */
export interface SessionOptions extends CoreDefaults {
  /** 32 bytes: the namespace, as `store.ns` gives it. `null`: the default one, 32 zero bytes. */
  namespace?: Uint8Array | null | undefined
  /** 32 bytes: derives the session's key pairs in place of the store's own. Its names are apart from the store's. */
  primaryKey?: Uint8Array | undefined
  /** `false`: closing this session closes the store that made it, too. Default `true`. */
  detach?: boolean | undefined
  /**
   * Nothing is written through this store, nor through its cores and the sessions that are made of them. Blocks that a peer sends are
   * stored, unless it is the store that has the storage. Default `false`.
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
   * 32 bytes from which all key pairs derive. Default: random, kept in the storage. The storage refuses a different one
   * than it holds.
   */
  primaryKey?: Uint8Array | undefined
  /** Accepted for Corestore 7's sake, which asks for it beside `primaryKey`; not needed. */
  unsafe?: boolean | undefined
  /** How many passive cores (opened for a peer, or left idle) stay open. Default 1000. */
  cacheSize?: number | undefined
  /**
   * Milliseconds after which a core is closed that no session and no peer holds; 0: as soon as it is idle; `Infinity`: only `cacheSize`
   * closes it. Weak sessions hold nothing. Default 10,000.
   */
  idleTimeout?: number | undefined
  replicator?: ReplicatorOption | undefined
  /**
   * How cores are opened and written of which peers may have more: in a copied store, and in one that was open when the machine lost its
   * power, cores ask their peers first. `false`: they do not ask, now or later, because no peer has more. Default: see
   * {@link RecoveryOptions}.
   */
  recovery?: RecoveryOptions | false | undefined
  /**
   * Whether other processes of the same user may look into the store, with `coreyard` or `@coreyard/inspector`, which must be installed.
   * They cannot change it. Only of a store in a directory, on Node.js. Default: `false`, or whether the environment has
   * `COREYARD_INSPECT=1`.
   */
  inspector?: boolean | undefined
  /** `false`: `suspend` and `resume` do nothing. Default `true`; on Android, where the system suspends apps itself, `false`. */
  suspend?: boolean | undefined
}

/** The options of `ready`. */
export interface ReadyOptions {
  /** Ends the wait. With the option `wait` of the store, it ends the wait for the other store, too: this one then does not open. */
  signal?: WaitSignal | null | undefined
}

/** The options of `suspend`. */
export interface StoreSuspendOptions extends SuspendOptions {
  /** Ends the wait. A store that has not begun to suspend does not; one that has suspends all the same, until `resume`. */
  signal?: WaitSignal | null | undefined
}

/**
 * The options of a session, checked, with what it takes from the store that made it. Bytes are a `Buffer` where there is such
 * a thing: code for Corestore 7 calls `toString('hex')`.
 */
export interface SessionSettings {
  readonly namespace: Bytes
  readonly primaryKey: Bytes | null
  readonly readOnly: boolean
  readonly active: boolean
  readonly manifestVersion: number
  readonly defaults: CoreDefaults
}

/** Options as a plain object, of which none is a misspelling of one of these names. Throws BAD_ARGUMENT. */
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

/** Options that are not Hypercore's, or that only a `get` can have, which the types forbid. */
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
  // The store's own primary key is the storage's matter: only a session derives with one of its own.
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

/** A copy: whoever gave it may wipe it at once. */
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
