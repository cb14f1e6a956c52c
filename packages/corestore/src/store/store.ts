// The private part of a `Corestore`: one store of a family, that is the root store, a session or a namespace. It checks its arguments and
// delegates: key derivation to the keychain, open cores to the pool, streams to the replicator. What the stores of a family share is in
// shared-store.ts; the public class is in corestore.ts.

import type {
  Bytes,
  CorestoreStorage,
  Hypercore,
  KeyPair,
  ReplicationStream,
} from '@coreyard/hypercore-types'
import type { ReplicateOptions, ReplicationTarget, SharedStream } from '@coreyard/replicator'
import type { BackupOptions, Copied, StorageArgument } from '@coreyard/storage'
import { badArgument, describe, storeClosed, storeReadOnly } from '../errors/errors.js'
import type { CoreWatcher } from '../events/core-watchers.js'
import { allClosed, Lifetime } from '../lifetime/lifetime.js'
import { CoreNames } from '../lookup/core-names.js'
import { readRequest } from '../lookup/core-request.js'
import { StoreKeys } from '../names/store-keys.js'
import { copied, copiedOptions, isOptions } from '../options/copied-options.js'
import { checkBoolean } from '../options/core-options.js'
import type { DeleteOptions } from '../options/delete-options.js'
import { type CoreKey, type GetOptions, readGetOptions } from '../options/get-options.js'
import { readNamespace } from '../options/namespaces.js'
import { readSignal, untilAborted } from '../options/signal.js'
import {
  type ReadyOptions,
  readOptions,
  readSessionOptions,
  readStoreOptions,
  type SessionOptions,
  type SessionSettings,
  type StoreOptions,
  type StoreSuspendOptions,
} from '../options/store-options.js'
import { makeStatic } from '../records/static-core.js'
import { closeSessions } from '../sessions/closing-sessions.js'
import { CoreGetter } from '../sessions/core-getter.js'
import { CoreOpener } from '../sessions/core-opener.js'
import { FindingPeers } from '../sessions/finding-peers.js'
import { SessionTracker } from '../sessions/session-tracker.js'
import { contain, emitTo } from '../user-code/emit.js'
import type { Corestore } from './corestore.js'
import { serveInspector } from './inspected.js'
import { SessionSeed } from './session-seed.js'
import { SharedStore } from './shared-store.js'
import { StoredReader } from './stored-reader.js'

export class Store {
  /** The public object. */
  readonly face: Corestore
  /** The root store, which owns the storage; `null` for the root store itself. */
  readonly root: Store | null
  readonly shared: SharedStore
  readonly settings: SessionSettings
  /** The open Hypercore sessions that this store made. */
  readonly sessions: SessionTracker
  readonly lifetime = new Lifetime(() => emitTo(this.face, 'close'))
  opened = false
  readonly #opener: CoreOpener
  readonly #getter: CoreGetter
  readonly #opening: Promise<CoreNames>
  readonly #findingPeers = new FindingPeers()
  /** The store to close with this one (`detach: false`). */
  readonly #attachedTo: Store | null
  /** Once it is open. */
  #keys: StoreKeys | null = null
  /** Made when something is read. */
  #reader: StoredReader | null = null

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
      const own = readOptions(options)
      this.settings = readStoreOptions(own)
      this.shared = new SharedStore(face, origin, own, this.settings.readOnly)
      this.#attachedTo = null
    }
    this.sessions = new SessionTracker((id) => this.shared.cores.check(id))
    this.#opener = new CoreOpener(this.shared, this.settings, this.lifetime, () => this.#opening)
    this.#getter = new CoreGetter(this.#opener, this.settings, this.sessions, this.lifetime)
    this.#opening = this.#open()
    this.#opening.catch(() => {}) // ready() and every get reject with the same error
  }

  /** Reads what is stored. */
  get reader(): StoredReader {
    this.#reader ??= new StoredReader(this)
    return this.#reader
  }

  get storage(): CorestoreStorage {
    return this.shared.storage
  }

  get primaryKey(): Bytes | null {
    return this.lifetime.closed ? null : copied(this.settings.primaryKey ?? this.shared.primaryKey)
  }

  /** Settles when the store is open, or cannot be opened. */
  async whenOpen(): Promise<void> {
    await this.#opening
  }

  /** The namespace under which the storage keeps the names of a namespace. Only for an open store. */
  filedUnder(namespace: Uint8Array): Uint8Array {
    return this.#keys?.filedUnder(namespace) ?? namespace
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

  /** Returns what a session of this store is made of. */
  seed(options?: SessionOptions | null): SessionSeed {
    this.assertOpen()
    const own = options ?? {}
    const settings = readSessionOptions(own, this.settings)
    return new SessionSeed(this, settings, own.detach === false)
  }

  replicate(target: ReplicationTarget, options?: ReplicateOptions | SharedStream): ReplicationStream {
    this.assertOpen()
    return this.shared.replicator.replicate(target, options)
  }

  async delete(core: CoreKey | GetOptions, options: DeleteOptions): Promise<boolean> {
    this.assertOpen()
    const { force = false, compact = true } = readOptions(options, ['force', 'compact'])
    checkBoolean('force', force)
    checkBoolean('compact', compact)
    const request = readRequest(readGetOptions(core))
    if (request.by === 'nothing')
      throw badArgument('delete takes a key, or one of name, key and discoveryKey')
    if (this.settings.readOnly) throw storeReadOnly('delete cores')

    // Without a wait where none is needed, so that a `get` that follows waits for the delete.
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

  async backup(destination: StorageArgument, options: BackupOptions): Promise<Copied> {
    this.assertOpen()
    const own = copiedOptions(options)
    if (isOptions<{ to: BackupOptions['to'] }>(own)) own.to = copiedOptions(own.to)
    await this.#opening
    this.assertOpen()
    return this.shared.backups.run(destination, own, this.lifetime.signal)
  }

  findingPeers(): () => void {
    this.assertOpen()
    return this.#findingPeers.begin(this.sessions.all)
  }

  watch(watcher: CoreWatcher): void {
    this.assertOpen()
    this.shared.watchers.add(this, watcher)
  }

  unwatch(watcher: CoreWatcher): void {
    this.shared.watchers.remove(this, watcher)
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
    if (this.#keys === null) throw storeClosed()
    return this.#keys.keyPair(called, within)
  }

  /** Closes the store, step by step, as `lifetime` lists it. */
  close(): Promise<void> {
    // Listed only now, because an open store takes less memory without them.
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
    const { storage, knownNames, keychain } = this.shared
    const { primaryKey, namespace } = this.settings
    this.#keys = new StoreKeys(keychain, this.shared.primaryKey, primaryKey, namespace)
    const names = new CoreNames(storage, this.#keys.keychain, this.#keys.filedUnder(namespace), knownNames)
    this.#opener.opened(names)
    this.opened = true
    emitTo(this.face, 'ready')
    if (this.root === null && this.shared.isInspected) {
      // Nothing waits for it: the store works without it.
      serveInspector(this.face).catch((error) => this.lifetime.closing ?? this.shared.warn(error))
    }
    return names
  }

  /** The last one that is listed is closed first. */
  #listClosers(): void {
    const { lifetime, shared } = this
    lifetime.owns(() => shared.events.forget(this.face))
    lifetime.owns(() => {
      this.#keys?.wipe()
      this.settings.primaryKey?.fill(0)
    })
    if (this.root === null) {
      lifetime.owns(() => shared.lifetime.close())
      lifetime.owns(() => this.#closeFamily())
    } else {
      if (this.#attachedTo !== null) lifetime.owns(() => this.#closeAttached())
      lifetime.owns(() => {
        shared.sessions.delete(this.face)
      })
      lifetime.owns(() => closeSessions(this.sessions, () => shared.suspended))
    }
    lifetime.owns(() => (this.opened ? undefined : this.#opening.catch(() => {})))
    lifetime.owns(() => {
      this.#findingPeers.end()
      shared.watchers.forget(this)
      if (this.root === null && !this.opened) shared.cancelOpening()
    })
  }

  /** Does not wait for a store that is already closing, which may be waiting for this one. */
  async #closeAttached(): Promise<void> {
    if (this.#attachedTo?.lifetime.closing === null) await this.#attachedTo.close()
  }

  /** Closes every Hypercore session of the family. */
  async #closeFamily(): Promise<void> {
    await this.shared.wake()
    await this.shared.tellPeers()
    // A session that waits for another exclusive one may be tracked by no store.
    this.shared.cores.endExclusives(storeClosed())
    const stores = [...this.shared.sessions].map((store) => store.close())
    await allClosed([...stores, ...this.sessions.all.map((core) => core.close())])
  }
}
