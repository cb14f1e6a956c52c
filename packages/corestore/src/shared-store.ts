// What a store shares with all its sessions and namespaces: the storage, the open cores, the replicator, the known
// names and the events. One per storage; it opens once and closes with the store that made it.

import type { CorestoreStorage, SuspendOptions } from '@coreyard/hypercore-types'
import { Keychain } from '@coreyard/keychain'
import { AllToAllReplicator, type CoreSource, type Replicator } from '@coreyard/replicator'
import { type StorageArgument, type StorageEngine, storageEngine } from '@coreyard/storage'
import { copied } from './copied-options.js'
import { CoreEvents } from './core-events.js'
import { KnownNames } from './core-names.js'
import { CoreWatchers } from './core-watchers.js'
import { CoresView } from './cores-view.js'
import type { Corestore } from './corestore.js'
import { storeClosed } from './errors.js'
import { GroupNotifiers } from './group-notify.js'
import { OpenCores } from './open-cores.js'
import { PassiveCores } from './passive-cores.js'
import type { ReplicatorOption, StoreOptions } from './store-options.js'

const DEFAULT_CACHE_SIZE = 1000

export class SharedStore {
  readonly engine: StorageEngine
  readonly cores: OpenCores
  readonly passive: PassiveCores
  readonly view: CoresView
  readonly replicator: Replicator
  readonly events: CoreEvents
  readonly watchers = new CoreWatchers()
  readonly groups = new GroupNotifiers()
  /** A `rache` cache that all cores share. */
  readonly globalCache: object | null
  readonly knownNames = new KnownNames()
  /** The sessions and namespaces of the store that are not closed. */
  readonly sessions = new Set<Corestore>()
  /** 32 bytes; `null` until open, unless it was given. */
  primaryKey: Uint8Array | null
  #keychain: Keychain | null = null
  /** Whether `suspend` does anything. */
  readonly #suspends: boolean
  #suspended = false
  /** The last suspend or resume. */
  #lastSwitch: Promise<unknown> = Promise.resolve()
  #opening: Promise<void> | null = null
  #cancelled = false

  constructor(storage: StorageArgument, options: StoreOptions, readOnly: boolean) {
    this.replicator = replicatorOf(options.replicator)
    this.engine = storageEngine(storage, { ...options, readOnly })
    this.primaryKey = copied(options.primaryKey ?? null)
    this.globalCache = options.globalCache ?? null
    this.#suspends = options.suspend ?? process.platform !== 'android'
    const { cacheSize = DEFAULT_CACHE_SIZE } = options
    this.cores = new OpenCores(
      this.engine.storage,
      {
        ready: () => this.ready(),
        isReady: () => this.#keychain !== null,
        opening: (open) => this.watchers.opening(open.core),
        opened: (open) => {
          this.replicator.stored?.(open.core.discoveryKey)
          if (open.active) this.replicator.offer(open.core)
          this.events.opened(open)
        },
        usedMeanwhile: (open) => this.passive.usedMeanwhile(open),
        closing: (open) => this.passive.closing(open),
        downloading: (open) => {
          if (open.active) this.replicator.offer(open.core)
        },
        groupUpdated: (topic, update) => {
          this.events.groupActive(topic, update)
          this.groups.notify(topic, update)
        },
      },
      cacheSize,
      this.globalCache,
    )
    this.passive = new PassiveCores(this.cores, this.storage, cacheSize, (discoveryKey) =>
      this.replicator.waiting ? this.replicator.waiting(discoveryKey) : (core) => this.replicator.offer(core),
    )
    this.events = new CoreEvents(() => this.cores)
    this.view = new CoresView(this.cores)
    this.replicator.start(this.#source())
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

  /** Whether it has been told to stop using the disk, and not to go on yet. */
  get suspended(): boolean {
    return this.#suspended
  }

  /** Stops using the disk until `resume`. */
  suspend(options?: SuspendOptions): Promise<void> {
    return this.#switch(async () => {
      // Before it is done: what fails half-way is resumed all the same.
      this.#suspended = true
      await this.storage.suspend(options)
    })
  }

  resume(): Promise<void> {
    return this.#switch(async () => {
      await this.storage.resume()
      this.#suspended = false
    })
  }

  /** One after the other, so that the last call is what counts. */
  #switch(work: () => Promise<void>): Promise<void> {
    if (!this.#suspends) return Promise.resolve()
    const done = this.#lastSwitch.then(work, work)
    this.#lastSwitch = done
    return done
  }

  /**
   * Resumes, if suspended: what is left to be written could not be, and closing would wait for it. A database that does not resume
   * is closed, which ends what waits for it: that is lost, and its callers are told.
   */
  async wake(): Promise<void> {
    await this.#lastSwitch.catch(() => {}) // told by the call that failed
    if (!this.#suspended) return
    await this.resume().catch(() => this.storage.rocks.close().catch(() => {}))
  }

  /** Ends an opening that is under way: it may wait for as long as another store has the directory open. */
  cancelOpening(): void {
    this.#cancelled = true
    this.engine.close().catch(() => {}) // told by `close`
  }

  /** Closes everything; the sessions of all stores must be closing already. */
  async close(): Promise<void> {
    this.passive.close()
    await this.replicator.close()
    await this.cores.close()
    await this.engine.close()
    this.#keychain?.destroy()
  }

  async #open(): Promise<void> {
    const primaryKey = await this.engine.primaryKey()
    if (this.#cancelled) throw storeClosed()
    this.#keychain = Keychain.from(primaryKey)
    this.primaryKey ??= copied(primaryKey)
  }

  #source(): CoreSource {
    const { cores } = this
    return {
      *openCores() {
        for (const { core, active } of cores) if (core.opened && active) yield core
      },
      withStored: async (discoveryKey, use) => {
        await this.ready()
        return this.passive.withStored(discoveryKey, use)
      },
    }
  }
}

function replicatorOf(option: ReplicatorOption | undefined): Replicator {
  return isReplicator(option) ? option : new AllToAllReplicator(option)
}

function isReplicator(option: ReplicatorOption | undefined): option is Replicator {
  return typeof option === 'object' && 'start' in option && typeof option.start === 'function'
}
