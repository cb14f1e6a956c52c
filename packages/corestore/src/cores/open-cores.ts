// The cores that are open: opened once however many sessions they have, and closed again by the
// LRU of idle ones. Which core a request means is decided elsewhere (core-identity.ts).

import {
  closingSteps,
  endExclusives,
  isWriting,
  type KnownCore,
  openCore,
  stopDownloading,
  usageOf,
  writeEnded,
} from '@coreyard/hypercore-port'
import type { Bytes, Core, CoreOptions, CorestoreStorage, GroupUpdate } from '@coreyard/hypercore-types'
import { type Lease, Pool } from '@coreyard/sessions'
import { explainCore } from '@coreyard/storage'
import b4a from 'b4a'
import { coreClosed, coreInUse } from '../errors/errors.js'
import { closeInOrder } from '../lifetime/lifetime.js'
import { newPromise } from '../lifetime/promise.js'
import { Turns } from '../lifetime/turns.js'
import { type CoreIdentity, identityOfKey } from '../lookup/core-identity.js'
import type { NewAlias } from '../lookup/core-names.js'
import type { GetOptions } from '../options/get-options.js'
import type { Recovery } from './recovery.js'

/** How to open a core that is not open yet. */
export interface CoreOpening {
  readonly identity: CoreIdentity
  /** Under which name the storage files a core that it creates. */
  readonly alias: NewAlias | null
  /** Whether it is made if it is not stored. */
  readonly creates: boolean
  /** What `get` was given, and the store's options for the rest. */
  readonly options: GetOptions
  /** Whether the core may be announced to peers on account of whoever opens it (see the store option `active`). */
  readonly active: boolean
}

/** An open core, and what the store knows of it. */
export interface OpenCore {
  /** The discovery key in hex. */
  readonly id: string
  readonly core: KnownCore
  /** The key in hex, once the core has opened, if it has one. */
  keyId: string | null
  /** What it was opened with: Hypercore's options for the core, and the second argument of the `feed` event. */
  readonly requested: GetOptions
  active: boolean
  /** Of a core of a copied store, until its peers have said what is newer. */
  recovery: Recovery | null
  /** What it waits for before it closes: the sessions that a forced deletion ends. */
  ending: Promise<unknown> | null
  /** Set when it is purged. */
  purged: Promise<void> | null
  /** How much peers had asked of it when that was last looked at (passive-cores.ts). */
  activity: number
}

/** What happens to cores, for whoever holds them. */
export interface CoreHooks {
  /** Settles when cores may be opened: the storage is open and its primary key checked. */
  ready(): Promise<void>
  /** Whether it has settled, and they may. */
  isReady(): boolean
  /** The recovery of a core that has opened; `null` if it needs none. Called before any session can write. */
  recovery(core: Core): Recovery | null
  /** A core begins to open. */
  opening(open: OpenCore): void
  /** A core has opened. */
  opened(open: OpenCore): void
  /** A core that no session holds is about to be closed although it has peers: whether they use it, so that it must not. */
  usedMeanwhile(open: OpenCore): boolean
  /** Settles when the sessions of a core have closed; `null` if it has none, or one that is not closing. */
  sessionsClosing(open: OpenCore): Promise<unknown> | null
  /** A core closes. */
  closing(open: OpenCore): void
  /** A core that was no longer in use failed to close. */
  closeFailed(id: string, error: unknown): void
  /** A core began to download: a session of it is active. */
  downloading(open: OpenCore): void
  /** A core is to be closed and deleted, whatever sessions it has. */
  purge(open: OpenCore): Promise<void>
  /** A core of a group has grown or was truncated. */
  groupUpdated(topic: Bytes, update: GroupUpdate): void
}

/** How long cores stay open that no session holds. */
export interface IdleOptions {
  /** How many of them stay open. */
  readonly cacheSize: number
  /** After how many milliseconds one that no peer holds either is closed. */
  readonly idleTimeout: number
  /** Hypercore's option of that name, for every core. */
  readonly globalCache: object | null
}

/** The open cores of a store and all its sessions. */
export class OpenCores {
  readonly #pool: Pool<OpenCore, CoreOpening>
  readonly #hooks: CoreHooks
  /** By id, what a core's opening has to wait for: work that needs it closed. */
  readonly #locks = new Map<string, Promise<unknown>>()
  readonly #turns = new Turns()
  #unlocked = 0
  /** The open cores by their key in hex: looking one up takes a fraction of the hash that a discovery key is. */
  readonly #byKey = new Map<string, OpenCore>()

  constructor(
    storage: CorestoreStorage,
    hooks: CoreHooks,
    { cacheSize, idleTimeout, globalCache }: IdleOptions,
  ) {
    this.#hooks = hooks
    this.#pool = new Pool<OpenCore, CoreOpening>(
      {
        create: (id, opening, turn) => {
          const { active, options: requested, identity } = opening
          const gate = this.#gate(id, turn)
          const core = openCore(
            storage,
            coreOptions(opening, gate, globalCache),
            (error) => explainCore(error, storage, identity.discoveryKey),
            {
              idle: () => this.#pool.check(id),
              downloading: () => hooks.downloading(open),
              groupUpdated: hooks.groupUpdated,
              purge: () => this.#purge(open),
            },
          )
          const open: OpenCore = {
            id,
            core,
            keyId: null,
            requested,
            active,
            ending: null,
            purged: null,
            recovery: null,
            activity: 0,
          }
          hooks.opening(open)
          // After what `opening` does with the state, and before any session that waits for the core.
          core.ready().then(
            () => {
              open.recovery = hooks.recovery(core)
            },
            () => {}, // told by each session of it
          )
          return open
        },
        open: async (open) => {
          await open.core.ready()
          if (!open.active) stopDownloading(open.core)
          this.#hasOpened(open)
          hooks.opened(open)
        },
        close: async (open) => {
          await this.#turns.idle(open.id)
          hooks.closing(open)
          if (open.keyId !== null) this.#byKey.delete(open.keyId)
          await closeInOrder(closingSteps(open.core, open.ending))
        },
        busy: (open) => {
          const busy = usageOf(open.core)
          return busy === 'soft' && hooks.usedMeanwhile(open) ? 'hard' : busy
        },
      },
      { maxIdle: cacheSize, idleTimeout, onCloseError: (error, id) => hooks.closeFailed(id, error) },
    )
  }

  /** What `purge` of any session calls. Once for all of them: a later one must not delete a core that was made after it. */
  #purge(open: OpenCore): Promise<void> {
    if (open.purged === null && !this.#isOpen(open)) return Promise.reject(coreClosed(open.id))
    open.purged ??= this.#hooks.purge(open)
    return open.purged
  }

  #isOpen({ id, core }: OpenCore): boolean {
    return this.get(id)?.core === core
  }

  #hasOpened(open: OpenCore): void {
    const { key } = open.core
    if (key === null) return
    open.keyId = b4a.toString(key, 'hex')
    this.#byKey.set(open.keyId, open)
  }

  /** What a core waits for before it opens, if for anything. */
  #gate(id: string, turn: Promise<void> | null): Promise<unknown> | null {
    const lock = this.lock(id)
    if (turn === null && lock === null && this.#hooks.isReady()) return null
    return Promise.all([this.#hooks.ready(), turn, lock])
  }

  /** Closes no core for `idleTimeout` until `resume`: closing may have to write. */
  pause(): void {
    this.#pool.pause()
  }

  resume(): void {
    this.#pool.resume()
  }

  /** No exclusive session opens any more: those that wait for their turn fail with `error`. */
  endExclusives(error: Error): void {
    for (const { core } of this.#pool) endExclusives(core, error)
  }

  /** How many cores are open or opening. */
  get size(): number {
    return this.#pool.size
  }

  /** How many of them no session and no peer uses. */
  get idle(): number {
    return this.#pool.idle
  }

  /** The cores that are open or opening. */
  [Symbol.iterator](): Iterator<OpenCore> {
    return this.#pool[Symbol.iterator]()
  }

  /** The open core with this discovery key in hex, or `null`. */
  get(id: string): OpenCore | null {
    return this.#pool.get(id)
  }

  /** The identity of the core with this key, in hex. */
  identity(key: string): CoreIdentity {
    const open = this.#byKey.get(key)
    return open === undefined ? identityOfKey(b4a.from(key, 'hex')) : identityOfOpen(open)
  }

  /** Opens the core, or takes the open one, and keeps it open until the lease is released. */
  acquire(opening: CoreOpening): Lease<OpenCore> {
    const lease = this.#pool.acquire(opening.identity.id, opening)
    const open = lease.resource
    if (opening.active && !open.active) {
      open.active = true
      if (open.core.opened) this.#hooks.downloading(open)
    }
    return lease
  }

  /** Whether the core is the one that is open, and not one that was closed under whoever leases it. */
  isLive({ id, resource }: Lease<OpenCore>): boolean {
    return this.#pool.get(id) === resource
  }

  /** Looks again whether a core is still in use. */
  check(id: string): void {
    this.#pool.check(id)
  }

  /** How many locks there have been: what was looked up while one of them ended may have changed. */
  get unlocked(): number {
    return this.#unlocked
  }

  /** What keeps a core closed, until it settles; `null` if nothing does. */
  lock(id: string): Promise<unknown> | null {
    return this.#locks.get(id) ?? null
  }

  /**
   * Runs `work`, which writes records of an open core, after all that writes them already. The core stays open meanwhile.
   *
   * @returns `null` if the core was closed or deleted before
   */
  async whileOpen<T>(core: Core, work: () => Promise<T>): Promise<T | null> {
    if (core.discoveryKey === null) return null
    const id = b4a.toString(core.discoveryKey, 'hex')
    return this.#turns.run(id, async () => {
      return this.lock(id) === null && this.get(id)?.core === core ? work() : null
    })
  }

  /**
   * Closes the core, and runs `work` before it can open again.
   *
   * @param endSessions closes the sessions of the core; `null` leaves them alone
   * @throws CorestoreError `CORE_IN_USE` if a session of it is open and is left alone
   */
  async whileClosed<T>(
    id: string,
    endSessions: (() => Promise<unknown>) | null,
    work: () => Promise<T>,
  ): Promise<T> {
    while (this.#locks.has(id)) await this.#locks.get(id)
    const { promise, resolve } = newPromise()
    this.#locks.set(id, promise)
    try {
      if (endSessions === null) await this.#closeUnused(id)
      else await this.#closeUsed(id, endSessions)
      return await this.#turns.run(id, work)
    } finally {
      this.#locks.delete(id)
      this.#unlocked++
      resolve()
    }
  }

  /** Closes at once where it can: what opens from now on waits for the lock, and must not find the core open. */
  async #closeUnused(id: string): Promise<void> {
    for (let isLastTry = false; ; ) {
      const ending = this.#ending(id)
      if (ending !== null) {
        await ending
      } else {
        if (await this.#pool.evict(id)) return
        if (isLastTry) throw coreInUse(id)
        // A session that has just closed releases its lease in a microtask (session-tracker.ts).
        isLastTry = true
        await null
      }
    }
  }

  /** Settles when the sessions of a core that are closing have closed, or its writes have ended; `null` if there are none. */
  #ending(id: string): Promise<unknown> | null {
    const open = this.get(id)
    if (open === null) return null
    return this.#hooks.sessionsClosing(open) ?? (isWriting(open.core) ? writeEnded(open.core) : null)
  }

  async #closeUsed(id: string, endSessions: () => Promise<unknown>): Promise<void> {
    const open = this.get(id)
    if (open === null) return this.#closeUnused(id)
    open.ending = endSessions()
    // At once, too: who opens the core from now on gets another one, which waits for the lock.
    await this.#pool.evict(id, { force: true })
  }

  /** Closes every core, and waits for the work that was begun on closed ones. */
  async close(): Promise<void> {
    await this.#pool.close()
    while (this.#locks.size > 0) await Promise.all(this.#locks.values())
  }
}

function coreOptions(
  { identity, alias, creates, options }: CoreOpening,
  preopen: Promise<unknown> | null,
  globalCache: object | null,
): CoreOptions & { readonly discoveryKey: Uint8Array } {
  return {
    preopen,
    eagerUpgrade: true,
    compat: false,
    key: identity.key,
    discoveryKey: identity.discoveryKey,
    keyPair: identity.keyPair,
    manifest: identity.manifest,
    alias,
    createIfMissing: creates,
    force: options.force,
    legacy: options.legacy,
    group: options.group,
    allowFork: options.allowFork !== false,
    allowPush: options.allowPush === true,
    alwaysLatestBlock: options.allowLatestBlock === true,
    inflightRange: options.inflightRange,
    notDownloadingLinger: options.notDownloadingLinger,
    globalCache: options.globalCache ?? globalCache,
  }
}

function identityOfOpen({ id, core: { key, discoveryKey } }: OpenCore): CoreIdentity {
  return { id, key, discoveryKey, keyPair: null, manifest: null }
}
