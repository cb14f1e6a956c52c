// What the root store shares with all its sessions and namespaces: the storage, the open cores, the replicator, the known names and the
// events. There is one for each storage. It opens once, and closes with the root store.

import { gateSends, onlyServe, tellHeld } from '@coreyard/hypercore-port'
import type { Bytes, CorestoreStorage, SuspendOptions } from '@coreyard/hypercore-types'
import { Keychain } from '@coreyard/keychain'
import { AllToAllReplicator, type CoreSource, type Replicator } from '@coreyard/replicator'
import { deleteCore, type StorageArgument, type StorageEngine, storageEngine } from '@coreyard/storage'
import { isAndroid } from 'which-runtime'
import { CoresView } from '../cores/cores-view.js'
import { Durability } from '../cores/durability.js'
import { OpenCores } from '../cores/open-cores.js'
import { Recoveries } from '../cores/recovery.js'
import { badArgument, coreCloseFailed, storeClosed, toError, whileClosing } from '../errors/errors.js'
import { Conflicts } from '../events/conflicts.js'
import { CoreEvents } from '../events/core-events.js'
import { CoreWatchers } from '../events/core-watchers.js'
import { GroupNotifiers } from '../events/group-notifiers.js'
import { Lifetime } from '../lifetime/lifetime.js'
import { coreId } from '../lookup/core-identity.js'
import { KnownNames } from '../lookup/core-names.js'
import { copied, copiedOptions } from '../options/copied-options.js'
import type { DeleteOptions } from '../options/delete-options.js'
import type { ReplicatorOption, StoreOptions } from '../options/store-options.js'
import { Backups } from '../records/backups.js'
import { GuardedReplicator } from '../replication/guarded-replicator.js'
import { PassiveCores } from '../replication/passive-cores.js'
import { type StoreReplicator, storeReplicator } from '../replication/store-replicator.js'
import { emitTo, warnProcess } from '../user-code/emit.js'
import type { Corestore } from './corestore.js'
import { isInspectedByEnvironment } from './inspected.js'

const DEFAULT_CACHE_SIZE = 1000
/** Milliseconds. */
const DEFAULT_IDLE_TIMEOUT = 10_000

export class SharedStore {
  readonly engine: StorageEngine
  readonly cores: OpenCores
  readonly passive: PassiveCores
  readonly view: CoresView
  readonly replicator: GuardedReplicator
  /** The public part of it. */
  readonly storeReplicator: StoreReplicator
  readonly events: CoreEvents
  readonly backups: Backups
  readonly watchers = new CoreWatchers()
  readonly conflicts = new Conflicts()
  readonly groups = new GroupNotifiers()
  /** A `rache` cache that all cores share. */
  readonly globalCache: object | null
  readonly knownNames = new KnownNames()
  /** The sessions and namespaces of the store that are not closed. */
  readonly sessions = new Set<Corestore>()
  /** 32 bytes: known immediately if given as an option, otherwise once the store is open. `null` once it has closed. */
  primaryKey: Bytes | null
  /** Whether other processes may inspect the store. */
  readonly isInspected: boolean
  /** How many idle cores stay open, and for how many milliseconds. */
  readonly limits: { readonly cacheSize: number; readonly idleTimeout: number }
  readonly lifetime = new Lifetime()
  readonly #root: Corestore
  readonly #recoveries: Recoveries
  #keychain: Keychain | null = null
  /** Whether `suspend` does anything. */
  readonly #suspends: boolean
  /** Whether it waits while another store has the directory open. */
  readonly #waits: boolean
  #suspended = false
  /** The last suspend or resume. */
  #lastSwitch: Promise<unknown> = Promise.resolve()
  #opening: Promise<void> | null = null

  /** @param root the root store */
  constructor(root: Corestore, storage: StorageArgument, options: StoreOptions, readOnly: boolean) {
    this.#root = root
    const { randomAccess, treeCache } = options
    // Checked first: RAM.reusable() forgets what is written after it has made a storage that is never opened.
    const replicator = replicatorOf(options.replicator)
    this.engine = storageEngine(storage, {
      ...options,
      randomAccess: copiedOptions(randomAccess),
      treeCache: copiedOptions(treeCache),
      readOnly,
    })
    this.primaryKey = options.primaryKey ? copied(options.primaryKey) : null
    this.globalCache = options.globalCache ?? null
    this.#suspends = options.suspend ?? !isAndroid
    this.#waits = options.wait === true
    const { cacheSize = DEFAULT_CACHE_SIZE, idleTimeout = DEFAULT_IDLE_TIMEOUT } = options
    this.limits = { cacheSize, idleTimeout }
    this.isInspected = isInspected(options, this.engine.directory)
    this.replicator = new GuardedReplicator(replicator, (error) => this.warn(error))
    this.storeReplicator = storeReplicator(this.replicator, () => root.closing !== null)
    this.#recoveries = new Recoveries(
      options.recovery,
      this.engine.continuity,
      () => this.replicator.isConnected,
    )
    const durability = new Durability(
      () => this.engine.sync(),
      (error) => {
        // A store that closes syncs by itself, and sends nothing more to peers.
        if (root.closing === null) this.warn(error)
      },
    )
    this.cores = new OpenCores(
      this.engine.storage,
      {
        ready: () => this.ready(),
        isReady: () => this.#keychain !== null,
        recovery: (core) => (readOnly ? null : this.#recoveries.of(core)),
        opening: (open) => {
          if (readOnly) onlyServe(open.core)
          gateSends(open.core, durability)
          this.conflicts.follow(open.id, open.core)
          this.watchers.opening(open.core)
        },
        opened: (open) => {
          this.replicator.stored(open.core.discoveryKey)
          if (open.active) this.replicator.offer(open.core)
          this.events.opened(open)
        },
        evicting: (managed) => this.passive.evicting(managed),
        closing: (open) => this.passive.closing(open),
        closeFailed: (id, error) => this.warn(coreCloseFailed(id, error)),
        downloading: (open) => {
          if (open.active) this.replicator.offer(open.core)
        },
        purge: async (open) => {
          if (this.#root.closing !== null) throw storeClosed()
          await this.delete(open.core.discoveryKey, { force: true, compact: true })
        },
        groupUpdated: (topic, update) => {
          this.events.groupActive(topic, update)
          this.groups.notify(topic, update)
        },
      },
      { cacheSize, idleTimeout, globalCache: this.globalCache },
    )
    this.passive = new PassiveCores(this.cores, this.storage, cacheSize, (error) => this.warn(error), this)
    this.events = new CoreEvents(() => this.cores)
    this.view = new CoresView(this.cores)
    this.backups = new Backups(this.storage)
    this.replicator.start(this.#source())

    // The last one that is listed is closed first.
    this.lifetime.owns(() => this.#wipe())
    this.lifetime.owns(() => this.engine.close())
    this.lifetime.owns(() => this.engine.continuity.end())
    this.lifetime.owns(() => this.backups.ended())
    this.lifetime.owns(() => this.cores.close())
    this.lifetime.owns(() => this.replicator.close())
    this.lifetime.owns(() => this.passive.close())
  }

  get storage(): CorestoreStorage {
    return this.engine.storage
  }

  /** The keychain of the primary key, in the root namespace. Only after `ready`. */
  get keychain(): Keychain {
    if (this.#keychain === null) throw storeClosed()
    return this.#keychain
  }

  /** Opens the storage and checks its primary key. */
  ready(): Promise<void> {
    this.#opening ??= this.#open()
    return this.#opening
  }

  /**
   * Deletes a core. Resolves to whether it was stored.
   *
   * @param options `force`: close its sessions, in whichever store they were opened
   */
  delete(discoveryKey: Uint8Array, { force, compact }: Required<DeleteOptions>): Promise<boolean> {
    const id = coreId(discoveryKey)
    this.passive.forget(id)
    return this.cores.whileClosed(id, { force }, async () => {
      await this.ready()
      const deleted = await deleteCore(this.storage, discoveryKey, { compact })
      if (deleted?.core.alias) this.knownNames.forget(deleted.core.alias)
      return deleted !== null
    })
  }

  /** Emits an error that no caller receives as `warning` on every store. Without a listener, it becomes a warning of the process. */
  warn(error: unknown): void {
    const warning = toError(error)
    const stores = [this.#root, ...this.sessions].filter((store) => store.listenerCount('warning') > 0)
    if (stores.length === 0) warnProcess(warning)
    for (const store of stores) emitTo(store, 'warning', warning)
  }

  /** Whether it is closing, or has closed. */
  get closing(): boolean {
    return this.lifetime.closing !== null
  }

  /** Whether it is suspended: it must not use the disk until `resume`. */
  get suspended(): boolean {
    return this.#suspended
  }

  /** Stops using the disk until `resume`. @param isGivenUp called before it suspends; `true` ends the call */
  suspend(options: SuspendOptions | undefined, isGivenUp: () => boolean): Promise<void> {
    return this.#switch(async () => {
      if (isGivenUp()) return
      // Set first, so that a suspend that fails half-way is resumed, too.
      this.#suspended = true
      this.cores.pause()
      this.passive.pause()
      await this.storage.suspend(options)
    })
  }

  resume(): Promise<void> {
    return this.#switch(async () => {
      await this.storage.resume()
      this.#suspended = false
      this.cores.resume()
      this.passive.resume()
    })
  }

  /** Runs one switch after the other, so that the last call decides. */
  #switch(work: () => Promise<void>): Promise<void> {
    if (!this.#suspends) return Promise.resolve()
    const done = this.#lastSwitch.then(work, work)
    this.#lastSwitch = done
    return done
  }

  /**
   * Resumes if suspended: closing waits for pending writes, which a suspended database cannot do. A database that does not resume is
   * closed, which makes the pending writes fail.
   */
  async wake(): Promise<void> {
    await this.#lastSwitch.catch(() => {}) // its caller has the error
    if (!this.#suspended) return
    await this.resume().catch(() => this.storage.rocks.close().catch(() => {}))
  }

  /** Sends peers what was held back until it is synced. After its last session has closed, a core sends nothing more. */
  tellPeers(): Promise<unknown> | undefined {
    const telling = [...this.cores].flatMap(({ core }) => tellHeld(core) ?? [])
    return telling.length > 0 ? Promise.all(telling) : undefined
  }

  /** Ends the wait for another store that has the directory open. If this store waits for one, it does not open. */
  endWait(): void {
    if (this.#waits) this.cancelOpening()
  }

  /** Cancels an opening, which may wait for as long as another store has the directory open. */
  cancelOpening(): void {
    this.engine.close().catch(() => {}) // `close` reports the error
  }

  async #open(): Promise<void> {
    try {
      await this.#openStorage()
    } catch (error) {
      throw this.#root.closing === null ? error : whileClosing(error)
    }
  }

  async #openStorage(): Promise<void> {
    const primaryKey = await this.engine.primaryKey()
    if (this.#root.closing !== null) throw storeClosed()
    if (!this.engine.readOnly) await this.#recoveries.begin()
    this.#keychain = Keychain.from(primaryKey)
    this.primaryKey ??= copied(primaryKey)
  }

  /** Wipes the secrets from memory. */
  #wipe(): void {
    this.#keychain?.destroy()
    this.primaryKey?.fill(0)
    this.primaryKey = null
  }

  #source(): CoreSource {
    const { cores } = this
    return {
      *openCores() {
        for (const { core, active } of cores) if (core.opened && active) yield core
      },
      withStored: async (discoveryKey, use, asker) => {
        await this.ready()
        return this.passive.withStored(discoveryKey, use, asker)
      },
      warn: (error) => this.warn(error),
    }
  }
}

/** The environment variable is ignored where inspection is not possible; the option then throws. */
function isInspected({ inspector }: StoreOptions, directory: string | null): boolean {
  if (inspector !== true || directory !== null) {
    return inspector ?? (directory !== null && isInspectedByEnvironment())
  }
  throw badArgument('inspector is for a store in a directory: others find it by that')
}

function replicatorOf(option: ReplicatorOption | undefined): Replicator {
  return isReplicator(option) ? option : new AllToAllReplicator(option)
}

function isReplicator(option: ReplicatorOption | undefined): option is Replicator {
  return typeof option === 'object' && 'start' in option && typeof option.start === 'function'
}
