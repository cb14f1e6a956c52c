// The public class. The `Store` behind it (store.ts) does the work. Its sessions and namespaces are stores of the same class. The state of
// a store, and how it opens and closes, are in store-base.ts.

import type {
  Bytes,
  CoreAuth,
  Encoded,
  EncodingOf,
  Hypercore,
  KeyPair,
  ReadStream,
  ReplicationStream,
  SessionValue,
  ValueEncoding,
} from '@coreyard/hypercore-types'
import { childNamespace } from '@coreyard/keychain'
import type { ReplicateOptions, ReplicationTarget, SharedStream } from '@coreyard/replicator'
import type { BackupOptions, Copied, StorageArgument } from '@coreyard/storage'
import type { CoreList } from '../cores/core-list.js'
import { badArgument, describe } from '../errors/errors.js'
import type { GroupNotifyHandle } from '../events/group-notify.js'
import type { StoredCore, StoredOptions } from '../names/stored-core.js'
import { copied } from '../options/copied-options.js'
import type { DeleteOptions } from '../options/delete-options.js'
import type { CoreKey, GetOptions } from '../options/get-options.js'
import { readOptions, type SessionOptions, type StoreOptions } from '../options/store-options.js'
import type { AuditStoreOptions, CoreAudit } from '../records/core-audit.js'
import type { SessionTracker } from '../sessions/session-tracker.js'
import { keep } from '../user-code/wrappable.js'
import type { SessionSeed } from './session-seed.js'
import { Store } from './store.js'
import { listen, STORE, StoreBase } from './store-base.js'

// Spelled like a scope of npm, so that it differs from the names that users choose.
const DEFAULT_CORE_NAME = '@coreyard/default'

const IS_CORESTORE = Symbol.for('@coreyard/corestore')

/**
 * A store of Hypercores: derives their keys, opens each of them once, and caches, names, stores and replicates them.
 *
 * Once the store is closing, every method except `close`, `ready`, `unwatch` and those of the event emitter throws a `CorestoreError`
 * `SESSION_CLOSED`. An async method rejects with it.
 */
export class Corestore extends StoreBase {
  /** @internal */
  readonly [IS_CORESTORE] = true
  /**
   * For a session or namespace: the root store, that is the one that was opened first and owns the storage. `null` for the root store
   * itself.
   */
  readonly root: Corestore | null
  /** 32 bytes: the namespace of the store's names. */
  readonly ns: Bytes
  /** Whether this store is read-only: no core that is opened through it is writable. */
  readonly readOnly: boolean
  /** The manifest version of new named cores. */
  readonly manifestVersion: number
  /** The open Hypercore sessions that this store made. */
  readonly sessions: SessionTracker

  /**
   * @param storage the path or `file:` URL of a directory, a `random-access-storage` class, a function that returns such a storage, or a
   *   `hypercore-storage` instance
   * @throws CorestoreError `BAD_ARGUMENT` for an option of the wrong type or size
   * @throws TypeError `BAD_ARGUMENT` for any other `storage`, or for an option that does not go with it
   */
  constructor(storage: StorageArgument, options?: StoreOptions)
  /** @internal */
  constructor(seed: SessionSeed)
  constructor(storage: StorageArgument | SessionSeed, options: StoreOptions = {}) {
    super()
    const store = new Store(this, storage, options)
    keep(this, STORE, store)
    this.root = store.root?.face ?? null
    this.ns = copied(store.settings.namespace)
    this.readOnly = store.settings.readOnly
    this.manifestVersion = store.settings.manifestVersion
    this.sessions = store.sessions
    listen(this)
  }

  /** Whether a value is a Corestore of this package, even if it comes from another version or copy of the package. */
  static isCorestore(value: unknown): value is Corestore {
    return typeof value === 'object' && value !== null && IS_CORESTORE in value
  }

  /**
   * Returns `storage` itself if it is already a store. Otherwise makes a store on it with these options, which have no effect on a store
   * that exists.
   */
  static from(storage: StorageArgument | Corestore, options?: StoreOptions): Corestore {
    return Corestore.isCorestore(storage) ? storage : new Corestore(storage, options)
  }

  /**
   * Returns a Hypercore session immediately; the core may still be opening. Two sessions of one core share one open core.
   *
   * Takes a key (32 bytes, hex or z32) or options, see {@link GetOptions}. Without an argument, or with options that select no core, it
   * makes a new writable core. It throws if `name`, `key` or `discoveryKey` is among the options and every one of them is `undefined` or
   * `null`. `core.key` is known immediately if you pass a key, or a name that this store or one of its sessions has opened before.
   *
   * The session's `ready()` rejects with `STORAGE_EMPTY` if the core is not stored and may not be created: with a discovery key, in a
   * read-only store, or with `createIfMissing: false`. It rejects with `PRELOAD_FAILED` if `preload` fails, and with a `StorageError` if
   * the storage cannot be opened or read.
   *
   * @throws CorestoreError `BAD_ARGUMENT` for an invalid option; then nothing is opened or written
   */
  get<T extends Uint8Array = Uint8Array>(core?: CoreKey | GetOptions<'binary'> | null): Hypercore<T>
  /**
   * The type of the values follows from `valueEncoding`. For JSON, pass the type yourself:
   * `store.get<Message>({ name: 'chat', valueEncoding: 'json' })`.
   */
  get<T = never, const Encoding extends ValueEncoding = EncodingOf<T>>(
    core: GetOptions<Encoding> & Encoded<Encoding>,
  ): Hypercore<SessionValue<T, Encoding>>
  get(core: CoreKey | GetOptions | null | undefined): Hypercore<unknown>
  get(core?: CoreKey | GetOptions | null, second?: unknown): Hypercore<never> {
    if (typeof second === 'object' && second !== null) {
      throw badArgument('get takes one argument: pass the key among the options, get({ key, ...options })')
    }
    return this[STORE]().get(core) as Hypercore<never>
  }

  /** Returns a session of the namespace's default core. It is writable, and is the same core after a restart. */
  default<T extends Uint8Array = Uint8Array>(options?: GetOptions<'binary'>): Hypercore<T>
  default<T = never, const Encoding extends ValueEncoding = EncodingOf<T>>(
    options: GetOptions<Encoding> & Encoded<Encoding>,
  ): Hypercore<SessionValue<T, Encoding>>
  default(options: GetOptions): Hypercore<unknown>
  default(options: GetOptions = {}): Hypercore<never> {
    const own = readOptions(options ?? {})
    if (own.name) throw badArgument('default takes no name: the core of a name is what get gives')
    return this.get({ ...own, name: DEFAULT_CORE_NAME }) as Hypercore<never>
  }

  /**
   * Returns a store whose core names are separate from this store's. It shares the storage and the open cores. A namespace can have
   * namespaces of its own.
   *
   * @param name a string or bytes, not empty
   */
  namespace(name: string | Uint8Array, options?: SessionOptions | null): Corestore {
    if ((typeof name !== 'string' && !(name instanceof Uint8Array)) || name.length === 0) {
      throw badArgument(
        `The name of a namespace must be a string or bytes that are not empty, not ${describe(name)}`,
      )
    }
    const own = readOptions(options ?? {})
    if (own.namespace !== undefined) {
      throw badArgument('namespace takes its name, or session the option namespace: both are given')
    }
    return this.session({ ...own, namespace: childNamespace(this[STORE]().settings.namespace, name) })
  }

  /**
   * Returns another store on the same storage and open cores. Closing it closes the sessions of cores that were opened through it, and
   * nothing else.
   */
  session(options?: SessionOptions | null): Corestore {
    return new Corestore(this[STORE]().seed(options))
  }

  /**
   * Replicates the cores over a stream, all to all. Every core that is open and active here is offered, and every core that the remote
   * requests is served if it is stored. Keys are never sent: a peer can replicate a core only if it has the core's key.
   *
   * A stream that is already destroyed is accepted and replicates nothing, because a connection can end at any moment.
   *
   * @param target a boolean (whether this side begins the handshake) makes a stream; a Hyperswarm connection, another
   *   encrypted stream, a `Protomux` or `{ stream }` is used as it is
   * @param options the options of the stream that is made. A stream to use may be passed here instead, or as the option `stream`
   * @returns the stream that was made or passed in
   * @throws ReplicatorError `BAD_ARGUMENT` if the target is not a stream, if two different streams are passed, or for an invalid option
   */
  replicate(target: ReplicationTarget, options?: ReplicateOptions | SharedStream): ReplicationStream {
    return this[STORE]().replicate(target, options)
  }

  /**
   * Without an argument, returns the open cores as a `Map` from discovery key (hex) to session; `for await` over that map streams the
   * discovery keys (32 bytes each) of all stored cores. With a namespace (32 bytes, as `ns`), returns a stream of the discovery keys of
   * the named cores in that namespace.
   */
  list(): CoreList
  list(namespace: Uint8Array): ReadStream<Bytes>
  list(namespace?: Uint8Array): CoreList | ReadStream<Bytes> {
    const { reader } = this[STORE]()
    return namespace === undefined ? reader.list() : reader.listNamespace(namespace)
  }

  /** Lists the stored cores, open or not: all of them, or the named ones of a namespace. */
  stored(options: StoredOptions = {}): AsyncIterableIterator<StoredCore> {
    return this[STORE]().reader.stored(options)
  }

  /**
   * Closes a core and removes it from the storage: its data, its key pair and its name. The store no longer serves it to peers. After a
   * crash during the call, either the whole core is stored or nothing of it.
   *
   * @param core as for `get`; a name is one of this store's
   * @returns whether it was stored
   * @throws CorestoreError `CORE_IN_USE` if a session of it is open and `force` is not set; `READ_ONLY` if this store is read-only;
   *   `BAD_ARGUMENT` if an argument is invalid or selects no core
   */
  async delete(core: CoreKey | GetOptions, options: DeleteOptions = {}): Promise<boolean> {
    return this[STORE]().delete(core, options)
  }

  /**
   * Makes a static copy of a core as it is now: a core with the same blocks that can never be changed. The original is not affected. Each
   * of the two has its own blocks, and can be deleted alone.
   *
   * @returns a session of the copy, opened with `options`
   * @throws CorestoreError `BAD_ARGUMENT` if the core is empty, is of another storage, or is encrypted with a key that cannot decrypt the
   *   copy; `CORE_IN_USE` if the static core is open and has no blocks yet; `READ_ONLY` if this store is read-only
   */
  staticify<T extends Uint8Array = Uint8Array>(
    core: Hypercore<unknown>,
    options?: GetOptions<'binary'>,
  ): Promise<Hypercore<T>>
  staticify<T = never, const Encoding extends ValueEncoding = EncodingOf<T>>(
    core: Hypercore<unknown>,
    options: GetOptions<Encoding> & Encoded<Encoding>,
  ): Promise<Hypercore<SessionValue<T, Encoding>>>
  staticify(core: Hypercore<unknown>, options: GetOptions): Promise<Hypercore<unknown>>
  async staticify(core: Hypercore<unknown>, options?: GetOptions): Promise<Hypercore<never>> {
    return (await this[STORE]().staticify(core, options)) as Hypercore<never>
  }

  /**
   * Checks every stored core, and removes damaged records, so that they can be downloaded again. A core that lacks a root of its Merkle
   * tree cannot be repaired: it is deleted, unless it has open sessions. A core that Corestore 6 wrote, and that was not opened since, is
   * converted to the new format first; with `dryRun` it is skipped.
   */
  audit(options: AuditStoreOptions = {}): AsyncIterableIterator<CoreAudit> {
    return this[STORE]().reader.audit(options)
  }

  /**
   * Copies the whole store to another storage while it is in use. The copy holds the state of the store at the moment of the call: all
   * cores with their blocks, names and keys, and the primary key. Before a core of the copy is written, it asks its peers for what the
   * original has written since, so that no core forks.
   *
   * The result of an interrupted backup does not open as a store. A later call with the same destination writes only what differs.
   *
   * @param destination a storage as the constructor takes it; it must be empty, or hold an unfinished backup of this store
   * @throws TypeError `BAD_ARGUMENT` for an invalid argument
   * @throws StorageError `STORAGE_NOT_EMPTY` if the destination holds anything else; another code if it cannot be opened
   * @throws CorestoreError `SESSION_CLOSED` if this store closes during the backup
   * @throws the reason of the option `signal` if it is aborted
   */
  backup(destination: StorageArgument, options: BackupOptions = {}): Promise<Copied> {
    return this[STORE]().backup(destination, options)
  }

  /**
   * Returns an emitter with an `update` event for each change of a core that was opened with `group: topic`. Call its `destroy` when you no
   * longer need it.
   *
   * @param topic 32 bytes
   */
  notifyGroup(topic: Uint8Array): GroupNotifyHandle {
    return this[STORE]().reader.notifyGroup(topic)
  }

  /**
   * Resolves with the identity of a stored core: its key, its manifest, and the key pair if it is writable. Resolves with `null` if it is
   * not stored.
   *
   * @param discoveryKey 32 bytes, hex or z32
   */
  async getAuth(discoveryKey: CoreKey): Promise<CoreAuth | null> {
    return this[STORE]().reader.getAuth(discoveryKey)
  }

  /**
   * Resolves with the key pair that is derived from a name.
   *
   * @param namespace 32 bytes; default: the store's own
   */
  async createKeyPair(name: string | Uint8Array, namespace?: Uint8Array): Promise<KeyPair<Bytes>> {
    return this[STORE]().createKeyPair(name, namespace)
  }
}

/** Makes a store without `new`. */
export function corestore(storage: StorageArgument, options?: StoreOptions): Corestore {
  return new Corestore(storage, options)
}
