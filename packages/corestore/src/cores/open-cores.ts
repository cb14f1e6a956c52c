// The cores that are open: each is opened once, however many sessions it has, and is closed by the LRU of idle ones. Which core a request
// means is decided in core-identity.ts.

import { ShortLived } from '@coreyard/hypercore-port/replication'
import type { Core, CorestoreStorage } from '@coreyard/hypercore-types'
import { type Lease, Pool } from '@coreyard/sessions'
import b4a from 'b4a'
import { coreInUse } from '../errors/errors.js'
import { newPromise } from '../lifetime/promise.js'
import { type CoreIdentity, coreId, identityOfKey } from '../lookup/core-identity.js'
import type { CoreOpening } from './core-opening.js'
import { type CoreHooks, ManagedCore } from './managed-core.js'

/** What happens to the cores of a family of stores. */
export interface FamilyHooks extends CoreHooks {
  /** Settles when cores may be opened: the storage is open and its primary key checked. */
  ready(): Promise<void>
  /** Whether it has settled, and they may. */
  isReady(): boolean
  /** A core that was no longer in use failed to close. */
  closeFailed(id: string, error: unknown): void
}

/** How many cores without a session stay open, and for how long. */
export interface IdleOptions {
  /** How many of them stay open. */
  readonly cacheSize: number
  /** A core without a session or a peer is closed after this many milliseconds. */
  readonly idleTimeout: number
  /** Hypercore's option of that name, for every core. */
  readonly globalCache: object | null
}

/** The open cores of a store and all its sessions. */
export class OpenCores {
  readonly #pool: Pool<ManagedCore, CoreOpening>
  readonly #hooks: FamilyHooks
  /** By id, the work that keeps a core closed. */
  readonly #keptClosed = new Map<string, Promise<void>>()
  /** For each running look-up in the storage, the cores that were deleted since it began. */
  readonly #lookUps = new ShortLived<Set<string>, Set<string>>()
  /** The open cores by their key in hex: looking one up takes a fraction of the hash that a discovery key is. */
  readonly #byKey = new Map<string, ManagedCore>()

  constructor(
    storage: CorestoreStorage,
    hooks: FamilyHooks,
    { cacheSize, idleTimeout, globalCache }: IdleOptions,
  ) {
    this.#hooks = hooks
    this.#pool = new Pool<ManagedCore, CoreOpening>(
      {
        create: (id, opening, turn) =>
          new ManagedCore(opening, {
            storage,
            hooks,
            globalCache,
            gate: this.#gate(id, turn),
            isCurrent: (managed) => this.#pool.get(id) === managed,
            isIdle: () => this.#pool.check(id),
          }),
        open: async (managed) => {
          await managed.opened()
          if (managed.keyId !== null) this.#byKey.set(managed.keyId, managed)
          hooks.opened(managed)
        },
        close: (managed) => {
          if (managed.keyId !== null) this.#byKey.delete(managed.keyId)
          return managed.close()
        },
        busy: (managed) => managed.usage,
        evicting: (managed) => hooks.evicting(managed),
      },
      { maxIdle: cacheSize, idleTimeout, onCloseError: (error, id) => hooks.closeFailed(id, error) },
    )
  }

  /** What a core waits for before it opens, if anything. */
  #gate(id: string, turn: Promise<void> | null): Promise<unknown> | null {
    const kept = this.keptClosed(id)
    if (turn === null && kept === null && this.#hooks.isReady()) return null
    return Promise.all([this.#hooks.ready(), turn, kept])
  }

  /** Closes no core for `idleTimeout` until `resume`: closing may have to write. */
  pause(): void {
    this.#pool.pause()
  }

  resume(): void {
    this.#pool.resume()
  }

  /** Opens no exclusive session any more: sessions that wait for exclusive access fail with `error`. */
  endExclusives(error: Error): void {
    for (const managed of this.#pool) managed.endExclusives(error)
  }

  /** How many cores are open or opening. */
  get size(): number {
    return this.#pool.size
  }

  /** How many of them are used by no session and no peer. */
  get idle(): number {
    return this.#pool.idle
  }

  /** The cores that are open or opening. */
  [Symbol.iterator](): Iterator<ManagedCore> {
    return this.#pool[Symbol.iterator]()
  }

  /** The open core with this discovery key in hex, or `null`. */
  get(id: string): ManagedCore | null {
    return this.#pool.get(id)
  }

  /** The identity of the core with this key, in hex. */
  identity(key: string): CoreIdentity {
    const managed = this.#byKey.get(key)
    return managed === undefined ? identityOfKey(b4a.from(key, 'hex')) : identityOfOpen(managed)
  }

  /** Opens the core, unless it is open, and keeps it open until the lease is released. */
  acquire(opening: CoreOpening): Lease<ManagedCore> {
    const lease = this.#pool.acquire(opening.identity.id, opening)
    if (opening.active) lease.resource.activate()
    return lease
  }

  /** Checks whether a core is still in use. */
  check(id: string): void {
    this.#pool.check(id)
  }

  /** As `exclusively` of the core; `null` if it is not, or no longer, one of these. */
  async exclusively<T>(core: Core, work: () => Promise<T>): Promise<T | null> {
    const managed = core.discoveryKey === null ? null : this.get(coreId(core.discoveryKey))
    return managed?.core === core ? managed.exclusively(work) : null
  }

  /** Returns the work that keeps a core closed until it settles; `null` if there is none. */
  keptClosed(id: string): Promise<void> | null {
    return this.#keptClosed.get(id) ?? null
  }

  /**
   * Runs `look`, which reads from the storage which core is meant. Its argument contains the ids of the cores that were deleted since it
   * began: what it has read of those may be out of date.
   */
  async lookUp<T>(look: (deleted: ReadonlySet<string>) => Promise<T>): Promise<T> {
    const deleted = new Set<string>()
    this.#lookUps.set(deleted, deleted)
    try {
      return await look(deleted)
    } finally {
      this.#lookUps.delete(deleted)
    }
  }

  /**
   * Closes the core, and runs `work` before it can open again.
   *
   * @param force closes the sessions of the core
   * @throws CorestoreError `CORE_IN_USE` if a session of it is open, without `force`
   */
  async whileClosed<T>(
    id: string,
    { force }: { readonly force: boolean },
    work: () => Promise<T>,
  ): Promise<T> {
    while (this.#keptClosed.has(id)) await this.#keptClosed.get(id)
    const { promise, resolve } = newPromise()
    this.#keptClosed.set(id, promise)
    try {
      if (force) await this.#closeUsed(id)
      else await this.#closeUnused(id)
      return await work()
    } finally {
      for (const deleted of this.#lookUps.values()) deleted.add(id)
      this.#keptClosed.delete(id)
      resolve()
    }
  }

  /** Closes at once where it can: what opens from now on is kept closed, and must not find the core open. */
  async #closeUnused(id: string): Promise<void> {
    for (let isLastTry = false; ; ) {
      const ending = this.get(id)?.ending() ?? null
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

  /** At once, too: who opens the core from now on gets another one, which is kept closed. */
  async #closeUsed(id: string): Promise<void> {
    this.get(id)?.endSessions()
    await this.#pool.evict(id, { force: true })
  }

  /** Closes every core, and waits for the work that was begun on closed ones. */
  async close(): Promise<void> {
    await this.#pool.close()
    while (this.#keptClosed.size > 0) await Promise.all(this.#keptClosed.values())
  }
}

function identityOfOpen({ id, core: { key, discoveryKey } }: ManagedCore): CoreIdentity {
  return { id, key, discoveryKey, keyPair: null, manifest: null }
}
