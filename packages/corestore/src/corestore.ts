/// <reference lib="esnext.disposable" preserve="true" />
// The facade: the store that users see. It checks what it is given and hands on: key derivation to the keychain, open
// cores to the pool, streams to the replicator, directories to the storage. Its sessions and namespaces are stores of
// the same class that share all of that (shared-store.ts).

import { EventEmitter } from 'node:events'
import type {
  Core,
  CoreAuth,
  CorestoreStorage,
  EmitterConstructor,
  Hypercore,
  JsonEncoding,
  KeyPair,
  ReplicationStream,
  SuspendOptions,
  ValueEncoding,
  ValueOf,
} from '@coreyard/hypercore-types'
import { childNamespace, Keychain } from '@coreyard/keychain'
import type { ReplicateOptions, ReplicationTarget } from '@coreyard/replicator'
import { deleteCore, explainCore, type StorageArgument, storedCores } from '@coreyard/storage'
import b4a from 'b4a'
import { copied } from './copied-options.js'
import { type AuditStoreOptions, auditCores, type CoreAudit } from './core-audit.js'
import type { CoreEventMap } from './core-events.js'
import { CoreGetter } from './core-getter.js'
import { coreId } from './core-identity.js'
import { CoreList } from './core-list.js'
import { CoreNames, namedCores, namedKeys } from './core-names.js'
import { readKey, readNamespace } from './core-options.js'
import { readRequest } from './core-request.js'
import type { CoreWatcher } from './core-watchers.js'
import type { CoresView } from './cores-view.js'
import { badArgument, type CorestoreError, describe, storeClosed, storeReadOnly } from './errors.js'
import { FindingPeers } from './finding-peers.js'
import { type CoreKey, type GetOptions, readGetOptions } from './get-options.js'
import type { GroupNotifyHandle, GroupUpdatesOptions } from './group-notify.js'
import { Readings } from './readings.js'
import { SessionTracker } from './session-tracker.js'
import { SharedStore } from './shared-store.js'
import { makeStatic } from './static-core.js'
import {
  readOptions,
  readSessionOptions,
  readStoreOptions,
  type SessionOptions,
  type SessionSettings,
  type StoreOptions,
} from './store-options.js'
import { type StoredCore, type StoredOptions, toStoredCore } from './stored-core.js'

/** The events of a store: those of its cores, and its own. */
export interface CorestoreEvents extends CoreEventMap {
  /** The store is open. */
  ready: []
  /** The store is closed. */
  close: []
  /** Somebody begins to listen for an event. */
  newListener: [event: unknown]
}

/** How `delete` goes about it. */
export interface DeleteOptions {
  force?: boolean | undefined
  compact?: boolean | undefined
}

const TypedEmitter: EmitterConstructor<CorestoreEvents> = EventEmitter

// Spelled as npm's scopes are, to stay apart from the names that users give.
const DEFAULT_CORE_NAME = '@coreyard/default'

const IS_CORESTORE = Symbol.for('@coreyard/corestore')

/** What a session is made of. */
class SessionSeed {
  readonly parent: Corestore
  readonly shared: SharedStore
  readonly settings: SessionSettings
  readonly detach: boolean

  constructor(parent: Corestore, shared: SharedStore, settings: SessionSettings, detach: boolean) {
    this.parent = parent
    this.shared = shared
    this.settings = settings
    this.detach = detach
  }
}

/**
 * A store of Hypercores: derives their keys, opens each of them once, and caches, names, stores and replicates them.
 *
 * Every method but `close` and `ready` throws a `CorestoreError` `SESSION_CLOSED` once the store is closing.
 */
export class Corestore extends TypedEmitter {
  /** @internal */
  readonly [IS_CORESTORE] = true
  /** The store that has the storage, for a session or namespace of it; `null` for that store itself. */
  readonly root: Corestore | null
  /** 32 bytes: the namespace in which names derive. */
  readonly ns: Uint8Array
  /** Whether no core that is opened through this store is writable. */
  readonly readOnly: boolean
  /** The manifest version of new named cores. */
  readonly manifestVersion: number
  /** The Hypercore sessions that this store made, until they close. */
  readonly sessions: SessionTracker
  /** Whether the store is open. */
  opened = false
  /** Settles when the store has closed; `null` until `close` is called. */
  closing: Promise<void> | null = null
  /** Whether the store has closed. */
  closed = false

  readonly #shared: SharedStore
  readonly #settings: SessionSettings
  readonly #getter: CoreGetter
  readonly #opening: Promise<CoreNames>
  readonly #findingPeers = new FindingPeers()
  readonly #readings = new Readings()
  /** The store to close with this one (`detach: false`). */
  readonly #attachedTo: Corestore | null
  #keychain: Keychain | null = null
  /** The keychain of a primary key that is not the store's. */
  #ownKeychain: Keychain | null = null

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
    if (storage instanceof SessionSeed) {
      const { parent, shared, settings, detach } = storage
      this.root = parent.root ?? parent
      this.#shared = shared
      this.#settings = settings
      this.#attachedTo = detach ? null : parent
      shared.sessions.add(this)
    } else {
      this.root = null
      this.#settings = readStoreOptions(options)
      this.#shared = new SharedStore(storage, options, this.#settings.readOnly)
      this.#attachedTo = null
    }
    this.ns = copied(this.#settings.namespace)
    this.readOnly = this.#settings.readOnly
    this.manifestVersion = this.#settings.manifestVersion
    this.sessions = new SessionTracker((id) => this.#shared.cores.check(id))
    this.#getter = new CoreGetter(this.#shared, this.#settings, this.sessions, () => this.#opening)
    this.on('newListener', (event) => this.#shared.events.listening(this, event))
    this.#opening = this.#open()
    this.#opening.catch(() => {}) // told by ready(), and by every get
  }

  /** Whether something is a Corestore of this package, in whichever version or copy of it. */
  static isCorestore(value: unknown): value is Corestore {
    return typeof value === 'object' && value !== null && IS_CORESTORE in value
  }

  /** A store as it is, or one that is made of a storage. */
  static from(storage: StorageArgument | Corestore, options?: StoreOptions): Corestore {
    return Corestore.isCorestore(storage) ? storage : new Corestore(storage, options)
  }

  /** The `hypercore-storage` instance beneath the store. */
  get storage(): CorestoreStorage {
    return this.#shared.storage
  }

  /** The cache that was given as option, for packages that build on Hypercore. */
  get globalCache(): object | null {
    return this.#shared.globalCache
  }

  /** The cores that are open, here and in all stores that share them. */
  get cores(): CoresView {
    return this.#shared.view
  }

  /** The sessions and namespaces of the store that are not closed. */
  get corestores(): ReadonlySet<Corestore> {
    return this.#shared.sessions
  }

  /** 32 bytes, from which key pairs derive; `null` until the store is open, unless it was given as option. */
  get primaryKey(): Uint8Array | null {
    return this.#settings.primaryKey ?? this.#shared.primaryKey
  }

  /**
   * Waits until the storage is open. Calling it is never required: everything that needs it waits by itself. Rejects
   * with a `StorageError` if the storage cannot be opened, or holds another primary key than the one given.
   */
  async ready(): Promise<void> {
    await this.#opening
  }

  /**
   * A Hypercore session, at once. Two `get`s of one core share one open core.
   *
   * Takes a key (32 bytes, hex or z32) or options, see {@link GetOptions}. With nothing at all, or options without `name`, `key` and
   * `discoveryKey`, it makes a new writable core; if these are there and all empty it throws.
   * With a key, `core.key` is there at once; with a name that was opened before, too.
   *
   * The session's `ready()` rejects with `STORAGE_EMPTY` for a discovery key that is not stored, and with the storage's
   * error if that fails.
   *
   * @throws CorestoreError `BAD_ARGUMENT` for options that are wrong; nothing is opened or written then
   */
  get<const Encoding extends ValueEncoding = 'binary'>(
    core?: CoreKey | GetOptions<Encoding> | null,
  ): Hypercore<ValueOf<Encoding>>
  /** With JSON, say what it is: `store.get<Message>({ name: 'chat', valueEncoding: 'json' })`. */
  get<T>(core: GetOptions<JsonEncoding> & { readonly valueEncoding: JsonEncoding }): Hypercore<T>
  get(core?: CoreKey | GetOptions | null): Hypercore<never> {
    this.#assertOpen()
    const session = this.#getter.get(core)
    this.#findingPeers.opened(session)
    return session as Hypercore<never>
  }

  /** The default core of the namespace: writable, and the same after a restart without its key or a name being stored. */
  default<const Encoding extends ValueEncoding = 'binary'>(
    options?: GetOptions<Encoding>,
  ): Hypercore<ValueOf<Encoding>>
  default<T>(options: GetOptions<JsonEncoding> & { readonly valueEncoding: JsonEncoding }): Hypercore<T>
  default(options: GetOptions = {}): Hypercore<never> {
    return this.get({ ...options, name: DEFAULT_CORE_NAME }) as Hypercore<never>
  }

  /**
   * A store with names of its own, on the same resources. Namespaces chain.
   *
   * @param name a string or bytes, not empty
   */
  namespace(name: string | Uint8Array, options?: SessionOptions | null): Corestore {
    if ((typeof name !== 'string' && !(name instanceof Uint8Array)) || name.length === 0) {
      throw badArgument(`A namespace's name must be a string or bytes, not empty; it is ${describe(name)}`)
    }
    return this.session({ ...options, namespace: childNamespace(this.#settings.namespace, name) })
  }

  /** A store on the same resources. Closing it closes the cores that were opened through it, and nothing else. */
  session(options?: SessionOptions | null): Corestore {
    this.#assertOpen()
    const own = options ?? {}
    const settings = readSessionOptions(own, this.#settings)
    return new Corestore(new SessionSeed(this, this.#shared, settings, own.detach !== false))
  }

  /**
   * Replicates the cores over a stream, all to all: every core that is open and active here is offered, every core that
   * the remote asks for is served if it is stored. Keys are never sent: only who has a core's key can replicate it.
   *
   * @param target a boolean (whether this side begins the handshake) makes a stream; a Hyperswarm connection, another
   *   encrypted stream, a `Protomux` or `{ stream }` is used as it is
   * @returns the stream that was made, or the one that was given
   * @throws ReplicatorError `BAD_ARGUMENT` for what is no stream, or an option that has no meaning
   */
  replicate(target: ReplicationTarget, options?: ReplicateOptions): ReplicationStream {
    this.#assertOpen()
    return this.#shared.replicator.replicate(target, options)
  }

  /**
   * The open cores, as a `Map` from discovery key (hex) to core. `for await` over it, or over `list(namespace)`, streams
   * the discovery keys (32 bytes) of all stored cores, or of the named ones in that namespace (32 bytes, as `ns`).
   */
  list(): CoreList
  list(namespace: Uint8Array): AsyncIterable<Uint8Array>
  list(namespace?: Uint8Array): CoreList | AsyncIterable<Uint8Array> {
    this.#assertOpen()
    const stored = (within?: Uint8Array) => this.#readings.begin(this.#storedKeys(within))
    if (namespace !== undefined) return stored(readNamespace(namespace))
    const { cores, events } = this.#shared
    const open = Array.from(cores, (entry) => [entry.id, events.handle(entry)] as const)
    return new CoreList(open, stored)
  }

  /** Everything stored, open or not: all cores, or the named ones of a namespace. */
  stored(options: StoredOptions = {}): AsyncIterableIterator<StoredCore> {
    this.#assertOpen()
    const { namespace = null } = readOptions(options)
    return this.#readings.begin(this.#stored(namespace === null ? null : readNamespace(namespace)))
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
    this.#assertOpen()
    const { force = false, compact = true } = readOptions(options)
    const request = readRequest(readGetOptions(core))
    if (request.reference.by === 'nothing')
      throw badArgument('delete takes a key, or one of name, key and discoveryKey')
    if (this.readOnly) throw storeReadOnly('delete cores')

    // Nothing is waited for where that is not needed: a `get` that follows waits for the delete, then.
    const identity = this.#getter.identifyNow(request) ?? (await this.#getter.identify(request))
    this.#assertOpen()
    return this.#delete(identity.discoveryKey, { force, compact })
  }

  /**
   * Makes a static copy of a core as it is now: a core with the same blocks that nobody can ever change. The two share what
   * they store, so leave the original as it is from then on.
   *
   * @returns a session of the copy, opened with `options`
   * @throws CorestoreError `BAD_ARGUMENT` for an empty core, and one of another storage
   */
  async staticify<const Encoding extends ValueEncoding = 'binary'>(
    core: Hypercore<unknown>,
    options?: GetOptions<Encoding>,
  ): Promise<Hypercore<ValueOf<Encoding>>> {
    this.#assertOpen()
    if (this.readOnly) throw storeReadOnly('make static cores')
    const own = readGetOptions(options)
    await this.#opening
    const key = await makeStatic(this.storage, core)
    const copy = this.get<Encoding>({ ...own, key } as GetOptions<Encoding>)
    await copy.ready()
    return copy
  }

  /**
   * Checks every stored core, and drops what is damaged, so that it can be downloaded again. A core that lacks a root of its
   * tree is deleted, unless it has open sessions. Cores of Corestore 6 that were not opened since are moved, and with `dryRun`
   * left out.
   */
  audit(options: AuditStoreOptions = {}): AsyncIterableIterator<CoreAudit> {
    this.#assertOpen()
    const { dryRun = false } = readOptions(options)
    return this.#readings.begin(this.#audit(dryRun || this.readOnly))
  }

  /**
   * Says that peers are being looked for: until the function that it returns is called, `update()` of this store's cores waits
   * for them, of those that are opened meanwhile, too.
   */
  findingPeers(): () => void {
    this.#assertOpen()
    return this.#findingPeers.begin(this.#cores())
  }

  /**
   * Calls `watcher` with every core that begins to open, here or in any store that shares the cores: of one that `get` opens by its
   * key, before `get` returns. What it throws becomes a warning of the process.
   */
  watch(watcher: CoreWatcher): void {
    this.#assertOpen()
    if (typeof watcher !== 'function') throw badArgument(`watch takes a function, not ${describe(watcher)}`)
    this.#shared.watchers.add(this, watcher)
  }

  /** Ends what `watch` began. */
  unwatch(watcher: CoreWatcher): void {
    this.#shared.watchers.remove(this, watcher)
  }

  /**
   * Tells when a core of a group changes, by `update` events of what it returns. Destroy that when done.
   *
   * @param topic 32 bytes, as the option `group` of `get` has it
   */
  notifyGroup(topic: Uint8Array): GroupNotifyHandle {
    this.#assertOpen()
    return this.#shared.groups.handle(readKey('topic', topic), (group, options) =>
      this.#readings.begin(this.#groupUpdates(group, options)),
    )
  }

  /**
   * Who a stored core is: key, manifest, and the key pair if it is writable; `null` if it is not stored.
   *
   * @param discoveryKey 32 bytes, hex or z32
   */
  async getAuth(discoveryKey: CoreKey): Promise<CoreAuth | null> {
    this.#assertOpen()
    const wanted = readKey('discoveryKey', discoveryKey)
    await this.#opening
    return this.storage.getAuth(wanted).catch(async (error: unknown) => {
      throw await explainCore(error, this.storage, wanted)
    })
  }

  /**
   * Stops using the disk until `resume`: what needs it waits. Every store of a family suspends for all.
   *
   * @param options `log` is called with what is being done
   */
  async suspend(options?: SuspendOptions): Promise<void> {
    this.#assertOpen()
    await this.#opening
    await this.#shared.suspend(options)
  }

  /** Uses the disk again. */
  async resume(): Promise<void> {
    this.#assertOpen()
    await this.#opening
    await this.#shared.resume()
  }

  /**
   * The key pair that a name derives.
   *
   * @param namespace 32 bytes; default: the store's own
   */
  async createKeyPair(
    name: string | Uint8Array,
    namespace: Uint8Array = this.#settings.namespace,
  ): Promise<KeyPair> {
    this.#assertOpen()
    const within = readNamespace(namespace)
    const called = copied(name)
    await this.#opening
    if (this.#keychain === null) throw storeClosed()
    return this.#keychain.at(within).keyPair(called)
  }

  /**
   * Closes the store. A session closes the cores that were opened through it. The store that has the storage closes all
   * its sessions, every core, the streams that it made (not those it was handed), and the storage. What is being read with
   * `list`, `stored` or `audit` ends with `SESSION_CLOSED`. Calling it again is fine.
   */
  close(callback?: (error: Error | null) => void): Promise<void> {
    this.closing ??= this.#close()
    if (typeof callback === 'function') this.closing.then(() => callback(null), callback)
    return this.closing
  }

  /** Closes the store at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #open(): Promise<CoreNames> {
    await this.#shared.ready()
    const { primaryKey, namespace } = this.#settings
    const shared = this.#shared.primaryKey
    if (primaryKey !== null && !(shared !== null && b4a.equals(primaryKey, shared))) {
      this.#ownKeychain = Keychain.from(primaryKey, { namespace })
    }
    this.#keychain = this.#ownKeychain ?? this.#shared.keychain.at(namespace)
    const { storage, knownNames } = this.#shared
    const names = new CoreNames(storage, this.#keychain, this.#filedUnder(namespace), knownNames)
    this.#getter.opened(names)
    this.opened = true
    this.emit('ready')
    return names
  }

  async *#storedKeys(namespace?: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    await this.#opening
    if (namespace === undefined) yield* this.storage.createDiscoveryKeyStream()
    else yield* namedKeys(this.storage, this.#filedUnder(namespace))
  }

  async *#stored(namespace: Uint8Array | null): AsyncGenerator<StoredCore, void, undefined> {
    await this.#opening
    const cores =
      namespace === null
        ? storedCores(this.storage, null)
        : namedCores(this.storage, this.#filedUnder(namespace))
    for await (const core of cores) yield toStoredCore(core, namespace)
  }

  async *#groupUpdates(
    topic: Uint8Array,
    options: GroupUpdatesOptions,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    await this.#opening
    const group = await this.storage.getGroup(topic)
    if (group !== null) yield* this.storage.createGroupUpdateStream(group, options)
  }

  /** Where the storage files the names of a namespace: those of a session with a primary key of its own, apart. */
  #filedUnder(namespace: Uint8Array): Uint8Array {
    return this.#ownKeychain?.at(namespace).fingerprint() ?? namespace
  }

  async *#audit(dryRun: boolean): AsyncGenerator<CoreAudit, void, undefined> {
    await this.#opening
    const cores = {
      open: (discoveryKey: Uint8Array) => this.get({ discoveryKey, active: false }),
      whileOpen: <T>(core: Core, work: () => Promise<T>) => this.#shared.cores.whileOpen(core, work),
      remove: (discoveryKey: Uint8Array) =>
        this.#delete(discoveryKey, { force: false, compact: true }).catch((error: CorestoreError) => {
          if (error.code === 'CORE_IN_USE') return false
          throw error
        }),
    }
    yield* auditCores(this.storage, cores, { dryRun })
  }

  /** Deletes a core; whether it was stored. */
  #delete(discoveryKey: Uint8Array, { force, compact }: Required<DeleteOptions>): Promise<boolean> {
    const { cores, passive, storage, knownNames } = this.#shared
    const id = coreId(discoveryKey)
    passive.forget(id)
    const endSessions = force ? () => this.#closeSessionsOf(id) : null
    return cores.whileClosed(id, endSessions, async () => {
      await this.#opening
      const deleted = await deleteCore(storage, discoveryKey, { compact })
      if (deleted?.core.alias) knownNames.forget(deleted.core.alias)
      return deleted !== null
    })
  }

  /** Closes the sessions of a core, in whichever store they were opened. */
  #closeSessionsOf(id: string): Promise<unknown> {
    const tracked = [this.root ?? this, ...this.corestores].flatMap((store) => store.sessions.list(id))
    const others = this.#shared.cores.get(id)?.core.allSessions() ?? []
    // One that could not be opened has nothing to close, and must not keep the core open.
    return Promise.allSettled([...new Set([...tracked, ...others])].map((session) => session.close()))
  }

  async #close(): Promise<void> {
    this.#getter.close()
    this.#findingPeers.end()
    this.#readings.close()
    this.#shared.watchers.forget(this)
    if (this.root === null && !this.opened) this.#shared.cancelOpening()
    await this.#opening.catch(() => {})
    if (this.root === null) await this.#closeAll()
    else await this.#closeSession()
    this.#shared.events.forget(this)
    this.closed = true
    this.emit('close')
  }

  /** Closes everything that this store and its sessions have, and what they share. */
  async #closeAll(): Promise<void> {
    await this.#shared.wake()
    const stores = [...this.corestores].map((store) => store.close())
    await Promise.all([...stores, ...this.#cores().map((core) => core.close())])
    await this.#shared.close()
  }

  /** Closes what was opened through this session. */
  async #closeSession(): Promise<void> {
    const closing = this.#cores().map((core) => ({ core, closed: core.close() }))
    for (const { core, closed } of closing) {
      // What waits closes by itself when it goes on: for `resume`, or for its turn behind another store's exclusive session.
      const waits = this.#shared.suspended || core.exclusive || this.#getter.exclusive.has(core)
      if (!core.opened && waits) closed.catch(() => {})
      else await closed
    }
    this.#ownKeychain?.destroy()
    this.#shared.sessions.delete(this)
    if (this.#attachedTo?.closing === null) await this.#attachedTo.close()
  }

  /** The Hypercore sessions that this store made, those that are still opening included. */
  #cores(): Hypercore<unknown>[] {
    return [...new Set([...this.sessions, ...this.#getter.pending])]
  }

  #assertOpen(): void {
    if (this.closing !== null || (this.root !== null && this.root.closing !== null)) throw storeClosed()
  }
}

/** Makes a store without `new`. */
export function corestore(storage: StorageArgument, options?: StoreOptions): Corestore {
  return new Corestore(storage, options)
}
