// What is behind a `Corestore`: one store of a family, be it the one that has the storage, a session or a namespace. It checks what it
// is given and hands on: key derivation to the keychain, open cores to the pool, streams to the replicator. What the stores of
// a family share is in shared-store.ts; the class that users see is in corestore.ts.

import type {
  Bytes,
  Core,
  CoreAuth,
  CorestoreStorage,
  Hypercore,
  KeyPair,
  ReadStream,
  ReplicationStream,
} from '@coreyard/hypercore-types'
import { Keychain } from '@coreyard/keychain'
import type { ReplicateOptions, ReplicationTarget, SharedStream } from '@coreyard/replicator'
import {
  type BackupOptions,
  type Copied,
  explainCore,
  type StorageArgument,
  storedCores,
} from '@coreyard/storage'
import b4a from 'b4a'
import { CoreList } from '../cores/core-list.js'
import { badArgument, type CorestoreError, describe, storeClosed, storeReadOnly } from '../errors/errors.js'
import type { CoreWatcher } from '../events/core-watchers.js'
import {
  type GroupNotifyHandle,
  type GroupUpdatesOptions,
  readUpdatesOptions,
} from '../events/group-notify.js'
import { allClosed, Lifetime } from '../lifetime/lifetime.js'
import { Readings } from '../lifetime/readings.js'
import { CoreNames, namedCores, namedKeys } from '../lookup/core-names.js'
import { readRequest } from '../lookup/core-request.js'
import { type StoredCore, type StoredOptions, toStoredCore } from '../names/stored-core.js'
import { copied } from '../options/copied-options.js'
import { readKey } from '../options/core-options.js'
import { type CoreKey, type GetOptions, readGetOptions } from '../options/get-options.js'
import { readNamespace } from '../options/namespaces.js'
import { readSignal, untilAborted } from '../options/signal.js'
import {
  type ReadyOptions,
  readOptions,
  readSessionOptions,
  readStoreOptions,
  refuseStoreOptions,
  type SessionOptions,
  type SessionSettings,
  type StoreOptions,
  type StoreSuspendOptions,
} from '../options/store-options.js'
import { type AuditStoreOptions, auditCores, type CoreAudit } from '../records/core-audit.js'
import { makeStatic } from '../records/static-core.js'
import { CoreGetter } from '../sessions/core-getter.js'
import { CoreOpener } from '../sessions/core-opener.js'
import { FindingPeers } from '../sessions/finding-peers.js'
import { SessionTracker } from '../sessions/session-tracker.js'
import { contain, emitTo } from '../user-code/emit.js'
import type { Corestore, DeleteOptions } from './corestore.js'
import { serveInspector } from './inspected.js'
import { SharedStore } from './shared-store.js'

/** What a session is made of. */
export class SessionSeed {
  readonly parent: Store
  readonly settings: SessionSettings
  /** Closing the session also closes the store that made it. */
  readonly attached: boolean

  constructor(parent: Store, settings: SessionSettings, attached: boolean) {
    this.parent = parent
    this.settings = settings
    this.attached = attached
  }
}

export class Store {
  /** The object that users have. */
  readonly face: Corestore
  /** The store that has the storage; `null` for that store itself. */
  readonly root: Store | null
  readonly shared: SharedStore
  readonly settings: SessionSettings
  /** The Hypercore sessions that this store made, until they close. */
  readonly sessions: SessionTracker
  readonly lifetime = new Lifetime(() => emitTo(this.face, 'close'))
  opened = false
  readonly #opener: CoreOpener
  readonly #getter: CoreGetter
  readonly #opening: Promise<CoreNames>
  readonly #findingPeers = new FindingPeers()
  readonly #readings = new Readings(this.lifetime)
  /** The store to close with this one (`detach: false`). */
  readonly #attachedTo: Store | null
  #keychain: Keychain | null = null
  /** The keychain of a primary key that is not the store's. */
  #ownKeychain: Keychain | null = null

  constructor(face: Corestore, origin: StorageArgument | SessionSeed, options: StoreOptions) {
    this.face = face
    if (origin instanceof SessionSeed) {
      const { parent, settings, attached } = origin
      const { primaryKey } = settings
      this.root = parent.root ?? parent
      this.shared = parent.shared
      // A copy for each session: it is wiped when the session closes.
      this.settings = primaryKey === null ? settings : { ...settings, primaryKey: copied(primaryKey) }
      this.#attachedTo = attached ? parent : null
      this.shared.sessions.add(face)
    } else {
      this.root = null
      this.settings = readStoreOptions(options)
      this.shared = new SharedStore(face, origin, options, this.settings.readOnly)
      this.#attachedTo = null
    }
    this.sessions = new SessionTracker((id) => this.shared.cores.check(id))
    this.#opener = new CoreOpener(this.shared, this.settings, this.lifetime, () => this.#opening)
    this.#getter = new CoreGetter(this.#opener, this.settings, this.sessions, this.lifetime)
    this.#opening = this.#open()
    this.#opening.catch(() => {}) // told by ready(), and by every get
  }

  get storage(): CorestoreStorage {
    return this.shared.storage
  }

  get primaryKey(): Bytes | null {
    return this.lifetime.closed ? null : (this.settings.primaryKey ?? this.shared.primaryKey)
  }

  async ready(options: ReadyOptions | null | undefined): Promise<void> {
    const { signal } = readOptions(options ?? {}, ['signal'])
    try {
      await untilAborted(readSignal(signal), () => this.#opening)
    } catch (error) {
      if (signal?.aborted && this.root === null && !this.opened) this.shared.endWait()
      throw error
    }
  }

  get(core?: CoreKey | GetOptions | null): Hypercore<unknown> {
    this.assertOpen()
    const session = this.#getter.get(core)
    this.#findingPeers.opened(session)
    return session
  }

  /** What a session of this store is made of. */
  seed(options?: SessionOptions | null): SessionSeed {
    this.assertOpen()
    const own = options ?? {}
    const settings = readSessionOptions(own, this.settings)
    refuseStoreOptions(own)
    return new SessionSeed(this, settings, own.detach === false)
  }

  replicate(target: ReplicationTarget, options?: ReplicateOptions | SharedStream): ReplicationStream {
    this.assertOpen()
    return this.shared.replicator.replicate(target, options)
  }

  list(): CoreList {
    this.assertOpen()
    const { cores, events } = this.shared
    return new CoreList(
      cores,
      (open) => events.sessionFor(open, this.settings),
      () => this.#readings.iterate(this.#storedKeys()),
    )
  }

  listNamespace(namespace: Uint8Array): ReadStream<Bytes> {
    this.assertOpen()
    return this.#readings.stream(this.#storedKeys(readNamespace(namespace)))
  }

  stored(options: StoredOptions): AsyncIterableIterator<StoredCore> {
    this.assertOpen()
    const { namespace = null } = readOptions(options, ['namespace'])
    return this.#readings.iterate(this.#stored(namespace === null ? null : readNamespace(namespace)))
  }

  async delete(core: CoreKey | GetOptions, options: DeleteOptions): Promise<boolean> {
    this.assertOpen()
    const { force = false, compact = true } = readOptions(options, ['force', 'compact'])
    const request = readRequest(readGetOptions(core))
    if (request.by === 'nothing')
      throw badArgument('delete takes a key, or one of name, key and discoveryKey')
    if (this.settings.readOnly) throw storeReadOnly('delete cores')

    // Nothing is waited for where that is not needed: a `get` that follows waits for the delete, then.
    const { discoveryKey } = this.#opener.known(request)?.identity ?? (await this.#opener.identify(request))
    this.assertOpen()
    return this.shared.delete(discoveryKey, { force, compact })
  }

  async staticify(core: Hypercore<unknown>, options?: GetOptions): Promise<Hypercore<unknown>> {
    this.assertOpen()
    if (this.settings.readOnly) throw storeReadOnly('make static cores')
    const own = readGetOptions(options)
    if (own.key || own.discoveryKey || own.name) {
      throw badArgument('The options of staticify say how to open the copy, and not which core that is')
    }
    await this.#opening
    const key = await makeStatic(this.storage, this.shared.cores, core)
    const copy = this.get({ ...own, key })
    await copy.ready()
    return copy
  }

  audit(options: AuditStoreOptions): AsyncIterableIterator<CoreAudit> {
    this.assertOpen()
    const { dryRun = false } = readOptions(options, ['dryRun'])
    return this.#readings.iterate(this.#audit(dryRun || this.settings.readOnly))
  }

  async backup(destination: StorageArgument, options: BackupOptions): Promise<Copied> {
    this.assertOpen()
    await this.#opening
    this.assertOpen()
    return this.shared.backups.run(destination, options, this.lifetime.signal)
  }

  findingPeers(): () => void {
    this.assertOpen()
    return this.#findingPeers.begin(this.sessions.all)
  }

  watch(watcher: CoreWatcher): void {
    this.assertOpen()
    if (typeof watcher !== 'function') throw badArgument(`watch takes a function, not ${describe(watcher)}`)
    this.shared.watchers.add(this, watcher)
  }

  unwatch(watcher: CoreWatcher): void {
    if (typeof watcher !== 'function') throw badArgument(`unwatch takes a function, not ${describe(watcher)}`)
    this.shared.watchers.remove(this, watcher)
  }

  notifyGroup(topic: Uint8Array): GroupNotifyHandle {
    this.assertOpen()
    return this.shared.groups.handle(readKey('topic', topic), this.lifetime.signal, (group, options) =>
      this.#readings.stream(this.#groupUpdates(group, readUpdatesOptions(options))),
    )
  }

  async getAuth(discoveryKey: CoreKey): Promise<CoreAuth | null> {
    this.assertOpen()
    const wanted = readKey('discoveryKey', discoveryKey)
    await this.#opening
    return this.storage.getAuth(wanted).catch(async (error: unknown) => {
      throw await explainCore(error, this.storage, wanted)
    })
  }

  async suspend(options: StoreSuspendOptions = {}): Promise<void> {
    this.assertOpen()
    const { log, signal: given } = readOptions(options, ['log', 'signal'])
    const signal = readSignal(given)
    if (log !== undefined && typeof log !== 'function') {
      throw badArgument(`log must be a function, not ${describe(log)}`)
    }
    const told = log && { log: (message: string) => contain(() => log(message)) }
    await untilAborted(signal, async () => {
      await this.#opening
      await this.shared.suspend(told, () => signal?.aborted === true)
    })
  }

  async resume(): Promise<void> {
    this.assertOpen()
    await this.#opening
    await this.shared.resume()
  }

  async createKeyPair(
    name: string | Uint8Array,
    namespace: Uint8Array = this.settings.namespace,
  ): Promise<KeyPair<Bytes>> {
    this.assertOpen()
    const within = readNamespace(namespace)
    const called = copied(name)
    await this.#opening
    if (this.#keychain === null) throw storeClosed()
    return this.#keychain.at(within).keyPair(called)
  }

  /** Closes the store: `lifetime` says what that is. */
  close(): Promise<void> {
    // Listed only now: a store that is open takes less memory without them.
    if (this.lifetime.closing === null) this.#listClosers()
    return this.lifetime.close()
  }

  assertOpen(): void {
    if (this.lifetime.closing !== null || (this.root !== null && this.root.lifetime.closing !== null)) {
      throw storeClosed()
    }
  }

  async #open(): Promise<CoreNames> {
    await this.shared.ready()
    const { primaryKey, namespace } = this.settings
    const shared = this.shared.primaryKey
    if (primaryKey !== null && !(shared !== null && b4a.equals(primaryKey, shared))) {
      this.#ownKeychain = Keychain.from(primaryKey, { namespace })
    }
    this.#keychain = this.#ownKeychain ?? this.shared.keychain.at(namespace)
    const { storage, knownNames } = this.shared
    const names = new CoreNames(storage, this.#keychain, this.#filedUnder(namespace), knownNames)
    this.#opener.opened(names)
    this.opened = true
    emitTo(this.face, 'ready')
    if (this.root === null && this.shared.isInspected) this.#serveInspector()
    return names
  }

  /** Nothing waits for it: the store is of use without. */
  #serveInspector(): void {
    serveInspector(this.face).catch((error) => {
      if (this.lifetime.closing === null) this.shared.warn(error)
    })
  }

  async *#storedKeys(namespace?: Uint8Array): AsyncGenerator<Bytes, void, undefined> {
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
  ): AsyncGenerator<Bytes, void, undefined> {
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
      exclusively: <T>(core: Core, work: () => Promise<T>) => this.shared.cores.exclusively(core, work),
      remove: (discoveryKey: Uint8Array) =>
        this.shared.delete(discoveryKey, { force: false, compact: true }).catch((error: CorestoreError) => {
          if (error.code === 'CORE_IN_USE') return false
          throw error
        }),
    }
    yield* auditCores(this.storage, cores, { dryRun })
  }

  /** The last of these is closed first. */
  #listClosers(): void {
    const { lifetime, shared } = this
    lifetime.owns(() => shared.events.forget(this.face))
    lifetime.owns(() => this.#wipe())
    if (this.root === null) {
      lifetime.owns(() => shared.lifetime.close())
      lifetime.owns(() => this.#closeFamily())
      lifetime.owns(() => shared.tellPeers())
    } else {
      if (this.#attachedTo !== null) lifetime.owns(() => this.#closeAttached())
      lifetime.owns(() => {
        shared.sessions.delete(this.face)
      })
      lifetime.owns(() => this.#closeCores())
    }
    lifetime.owns(() => (this.opened ? undefined : this.#opening.catch(() => {})))
    lifetime.owns(() => {
      this.#findingPeers.end()
      shared.watchers.forget(this)
      if (this.root === null && !this.opened) shared.cancelOpening()
    })
  }

  /** One that is closing already may be waiting for this one. */
  async #closeAttached(): Promise<void> {
    if (this.#attachedTo?.lifetime.closing === null) await this.#attachedTo.close()
  }

  /** Leaves no secret in memory. */
  #wipe(): void {
    this.#ownKeychain?.destroy()
    this.settings.primaryKey?.fill(0)
  }

  /** Closes every Hypercore session of the family. */
  async #closeFamily(): Promise<void> {
    await this.shared.wake()
    // A session that waits behind another exclusive one may be a session that no store tracks.
    this.shared.cores.endExclusives(storeClosed())
    const stores = [...this.shared.sessions].map((store) => store.close())
    await allClosed([...stores, ...this.sessions.all.map((core) => core.close())])
  }

  /** Closes what was opened through this session. */
  #closeCores(): Promise<void> | undefined {
    const cores = this.sessions.all
    if (cores.length === 0) return undefined
    return allClosed(cores.map((core) => this.#closeCore(core)))
  }

  #closeCore(core: Hypercore<unknown>): Promise<void> {
    // An open session closes at once: only one that is still opening may wait.
    if (core.opened) return core.close()
    return closedUnless(() => this.#waits(core), core.close())
  }

  /** Whether a session opens only after `resume`, or after another store's exclusive session. It then closes by itself. */
  #waits(core: Hypercore<unknown>): boolean {
    return !core.opened && (this.shared.suspended || this.sessions.isExclusive(core))
  }
}

/** How often `closedUnless` looks, in milliseconds: no event tells of all that `waits` asks. */
const LOOK_INTERVAL = 20

/** Waits for `closing`, but no longer than until `waits` says that it takes something else to go on. */
async function closedUnless(waits: () => boolean, closing: Promise<void>): Promise<void> {
  if (waits()) {
    closing.catch(() => {}) // nobody waits for it
    return
  }
  let look: ReturnType<typeof setInterval> | undefined
  const given = new Promise<void>((resolve) => {
    look = setInterval(() => waits() && resolve(), LOOK_INTERVAL)
  })
  try {
    await Promise.race([closing, given])
  } finally {
    clearInterval(look)
  }
}
