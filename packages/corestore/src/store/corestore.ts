// The class that users see. All that it does is done by the `Store` behind it (store.ts). Its sessions and namespaces are stores of the
// same class. What a store tells of itself, and how it opens and closes, is in store-base.ts.

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
import type { CoreWatcher } from '../events/core-watchers.js'
import type { GroupNotifyHandle } from '../events/group-notify.js'
import type { StoredCore, StoredOptions } from '../names/stored-core.js'
import { copied } from '../options/copied-options.js'
import type { CoreKey, GetOptions } from '../options/get-options.js'
import { readOptions, type SessionOptions, type StoreOptions } from '../options/store-options.js'
import type { AuditStoreOptions, CoreAudit } from '../records/core-audit.js'
import type { SessionTracker } from '../sessions/session-tracker.js'
import { keep } from '../user-code/wrappable.js'
import type { SessionSeed } from './session-seed.js'
import { Store } from './store.js'
import { listen, STORE, StoreBase } from './store-base.js'

/** How `delete` goes about it. */
export interface DeleteOptions {
  force?: boolean | undefined
  compact?: boolean | undefined
}

// Spelled as npm's scopes are, to stay apart from the names that users give.
const DEFAULT_CORE_NAME = '@coreyard/default'

const IS_CORESTORE = Symbol.for('@coreyard/corestore')

/**
 * A store of Hypercores: derives their keys, opens each of them once, and caches, names, stores and replicates them.
 *
 * Every method but `close` and `ready` throws a `CorestoreError` `SESSION_CLOSED` once the store is closing.
 */
export class Corestore extends StoreBase {
  /** @internal */
  readonly [IS_CORESTORE] = true
  /** The store that has the storage, for a session or namespace of it; `null` for that store itself. */
  readonly root: Corestore | null
  /** 32 bytes: the namespace in which names derive. */
  readonly ns: Bytes
  /** Whether no core that is opened through this store is writable. */
  readonly readOnly: boolean
  /** The manifest version of new named cores. */
  readonly manifestVersion: number
  /** The Hypercore sessions that this store made, until they close. */
  readonly sessions: SessionTracker

  /**
   * @param storage a directory, a class of `random-access-storage` or a function that makes one, or a `hypercore-storage`
   *   instance; anything else is a `TypeError`
   * @throws CorestoreError `BAD_ARGUMENT` for an option of the wrong type or size
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

  /** Whether something is a Corestore of this package, in whichever version or copy of it. */
  static isCorestore(value: unknown): value is Corestore {
    return typeof value === 'object' && value !== null && IS_CORESTORE in value
  }

  /** A store as it is, or one that is made of a storage with these options. */
  static from(storage: StorageArgument | Corestore, options?: StoreOptions): Corestore {
    return Corestore.isCorestore(storage) ? storage : new Corestore(storage, options)
  }

  /**
   * A Hypercore session, at once. Two `get`s of one core share one open core.
   *
   * Takes a key (32 bytes, hex or z32) or options, see {@link GetOptions}. With nothing at all, or options without `name`, `key` and
   * `discoveryKey`, it makes a new writable core; if these are there and all empty it throws.
   * With a key, `core.key` is there at once; with a name that this store, or a session of it, has opened before, too.
   *
   * The session's `ready()` rejects with `STORAGE_EMPTY` for a discovery key that is not stored, and with the storage's
   * error if that fails.
   *
   * @throws CorestoreError `BAD_ARGUMENT` for options that are wrong; nothing is opened or written then
   */
  get<T extends Uint8Array = Uint8Array>(core?: CoreKey | GetOptions<'binary'> | null): Hypercore<T>
  /**
   * The values are of the type that `valueEncoding` gives. With JSON, say what they are:
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

  /** The default core of the namespace: writable, and the same after a restart without its key or a name being stored. */
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
   * A store with names of its own, on the same resources. Namespaces chain.
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

  /** A store on the same resources. Closing it closes the cores that were opened through it, and nothing else. */
  session(options?: SessionOptions | null): Corestore {
    return new Corestore(this[STORE]().seed(options))
  }

  /**
   * Replicates the cores over a stream, all to all: every core that is open and active here is offered, every core that
   * the remote asks for is served if it is stored. Keys are never sent: only who has a core's key can replicate it.
   *
   * @param target a boolean (whether this side begins the handshake) makes a stream; a Hyperswarm connection, another
   *   encrypted stream, a `Protomux` or `{ stream }` is used as it is
   * @param options those of a stream that is made, or a stream to use, which may also be their `stream`
   * A stream that is destroyed already, which a connection can be at any moment, replicates nothing.
   *
   * @returns the stream that was made, or the one that was given, in whichever place
   * @throws ReplicatorError `BAD_ARGUMENT` for what is no stream, for two different streams, and for an option that has no meaning
   */
  replicate(target: ReplicationTarget, options?: ReplicateOptions | SharedStream): ReplicationStream {
    return this[STORE]().replicate(target, options)
  }

  /**
   * The open cores, as a `Map` from discovery key (hex) to core. `for await` over it, or over `list(namespace)`, streams
   * the discovery keys (32 bytes) of all stored cores, or of the named ones in that namespace (32 bytes, as `ns`).
   */
  list(): CoreList
  list(namespace: Uint8Array): ReadStream<Bytes>
  list(namespace?: Uint8Array): CoreList | ReadStream<Bytes> {
    const { reader } = this[STORE]()
    return namespace === undefined ? reader.list() : reader.listNamespace(namespace)
  }

  /** Everything stored, open or not: all cores, or the named ones of a namespace. */
  stored(options: StoredOptions = {}): AsyncIterableIterator<StoredCore> {
    return this[STORE]().reader.stored(options)
  }

  /**
   * Closes a core and removes it from the storage: its data, its key pair, its name. What a peer asks of it from then on is not
   * there. A crash on the way leaves either the whole core or none of it.
   *
   * @param core as `get` takes it; a name is one of this store's
   * @param options `force`: close the sessions of the core that are open, in whichever store. `compact: false`: leave its space to
   *   be given back to the disk later, which saves tens of milliseconds a core when many are deleted
   * @returns whether it was stored
   * @throws CorestoreError `CORE_IN_USE` if a session of it is open, without `force`; `READ_ONLY`; `BAD_ARGUMENT`
   */
  async delete(core: CoreKey | GetOptions, options: DeleteOptions = {}): Promise<boolean> {
    return this[STORE]().delete(core, options)
  }

  /**
   * Makes a static copy of a core as it is now: a core with the same blocks that nobody can ever change. The original goes
   * on as before; each of the two has its own blocks, and can be deleted alone.
   *
   * @returns a session of the copy, opened with `options`
   * @throws CorestoreError `BAD_ARGUMENT` for an empty core, one of another storage, and one that is encrypted with a key
   *   that does not decrypt a copy
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
   * Checks every stored core, and drops what is damaged, so that it can be downloaded again. A core that lacks a root of its
   * tree is deleted, unless it has open sessions. Cores of Corestore 6 that were not opened since are moved, and with `dryRun`
   * left out.
   */
  audit(options: AuditStoreOptions = {}): AsyncIterableIterator<CoreAudit> {
    return this[STORE]().reader.audit(options)
  }

  /**
   * Copies the whole store to another storage while it is in use. The copy is the store at the moment of the call: all cores with
   * their blocks, names and keys, and the primary key. Writers of the copy first ask their peers for what the original has written
   * since, so that no core forks.
   *
   * An interrupted backup leaves no store. A later call with the same destination writes only what differs.
   *
   * @param destination a storage as the constructor takes it, empty, or with an unfinished backup of this store
   * @throws a `TypeError` `BAD_ARGUMENT`; a `StorageError` `STORAGE_NOT_EMPTY` if there is something else in the destination, and those of
   *   opening one; the signal's reason; a `CorestoreError` `SESSION_CLOSED` if this store closes meanwhile
   */
  backup(destination: StorageArgument, options: BackupOptions = {}): Promise<Copied> {
    return this[STORE]().backup(destination, options)
  }

  /**
   * Says that peers are being looked for: until the function that it returns is called, `update()` of this store's cores waits
   * for them, of those that are opened meanwhile, too.
   */
  findingPeers(): () => void {
    return this[STORE]().findingPeers()
  }

  /**
   * Calls `watcher` with every core that begins to open, here or in any store that shares the cores: of one that `get` opens by its
   * key, before `get` returns. What it throws becomes a warning of the process.
   */
  watch(watcher: CoreWatcher): void {
    this[STORE]().watch(watcher)
  }

  /** Ends what `watch` began. */
  unwatch(watcher: CoreWatcher): void {
    this[STORE]().unwatch(watcher)
  }

  /**
   * Tells when a core of a group changes, by `update` events of what it returns. Destroy that when done.
   *
   * @param topic 32 bytes, as the option `group` of `get` has it
   */
  notifyGroup(topic: Uint8Array): GroupNotifyHandle {
    return this[STORE]().reader.notifyGroup(topic)
  }

  /**
   * Who a stored core is: key, manifest, and the key pair if it is writable; `null` if it is not stored.
   *
   * @param discoveryKey 32 bytes, hex or z32
   */
  async getAuth(discoveryKey: CoreKey): Promise<CoreAuth | null> {
    return this[STORE]().reader.getAuth(discoveryKey)
  }

  /**
   * The key pair that a name derives.
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
