// One core of a family of stores, from the moment it begins to open until it has closed: its sessions, the work on its records, and how it
// closes. docs/architecture.md draws the life cycle. Which cores are open is in open-cores.ts.

import {
  closingSteps,
  endExclusives,
  isWriting,
  type KnownCore,
  messagesTo,
  openCore,
  sessionsOf,
  stopDownloading,
  usageOf,
  writeEnded,
} from '@coreyard/hypercore-port'
import type { Alias, Bytes, Core, CorestoreStorage, GroupUpdate, Hypercore } from '@coreyard/hypercore-types'
import { explainCore } from '@coreyard/storage'
import b4a from 'b4a'
import { coreClosed, whileClosing } from '../errors/errors.js'
import { closeInOrder } from '../lifetime/lifetime.js'
import type { GetOptions } from '../options/get-options.js'
import { type CoreOpening, coreOptions } from './core-opening.js'
import type { Recovery } from './recovery.js'
import { StandIn } from './stand-in.js'

type Session = Hypercore<unknown>

/** What a core reports to its family of stores, and requests from it. */
export interface CoreHooks {
  /** The recovery of a core that has opened; `null` if it needs none. Called before any session can write. */
  recovery(core: Core): Recovery | null
  /** A core begins to open. */
  opening(managed: ManagedCore): void
  /** A core has opened. */
  opened(managed: ManagedCore): void
  /** A core that has peers, and no session, is about to be closed for lack of capacity. A lease that is acquired now keeps it open. */
  evicting(managed: ManagedCore): void
  /** A core closes. */
  closing(managed: ManagedCore): void
  /** A core began to download: a session of it is active. */
  downloading(managed: ManagedCore): void
  /** A core is to be closed and deleted, whatever sessions it has. */
  purge(managed: ManagedCore): Promise<void>
  /** A core of a group has grown or was truncated. */
  groupUpdated(topic: Bytes, update: GroupUpdate): void
}

/** What a core is opened with. */
export interface CoreSource {
  readonly storage: CorestoreStorage
  readonly hooks: CoreHooks
  /** Hypercore's option of that name, where `get` was not given another. */
  readonly globalCache: object | null
  /** What its opening waits for, if anything. */
  readonly gate: Promise<unknown> | null
  /** Whether it is the core that is opening or open under its id: one that closes no longer is. */
  isCurrent(managed: ManagedCore): boolean
  /** Called when its last session or peer was removed. */
  isIdle(): void
}

export class ManagedCore {
  /** The discovery key in hex. */
  readonly id: string
  readonly core: KnownCore
  /** What it was opened with: Hypercore's options for the core, and the second argument of the `feed` event. */
  readonly requested: GetOptions
  readonly #source: CoreSource
  readonly #sessions = new Set<CoreSessions>()
  #active: boolean
  /** How many messages had arrived from peers at the last call of `noteMessages`. */
  #messages = 0
  #keyId: string | null = null
  #recovery: Recovery | null = null
  /** The last work that runs or waits. */
  #work: Promise<unknown> | null = null
  /** Settles when the sessions that a forced deletion closes have closed. */
  #sessionsEnd: Promise<unknown> | null = null
  #purge: Promise<void> | null = null
  #standIn: StandIn | null = null
  #filedUnder: Alias | null = null

  /** Begins to open a core. */
  constructor(opening: CoreOpening, source: CoreSource) {
    const { storage, hooks } = source
    const { id, discoveryKey } = opening.identity
    this.id = id
    this.requested = opening.options
    this.#active = opening.active
    this.#source = source
    this.core = openCore(
      storage,
      coreOptions(opening, source.gate, source.globalCache),
      async (error) => whileClosing(await explainCore(error, storage, discoveryKey)),
      {
        created: () => {
          this.#filedUnder = opening.alias
        },
        idle: source.isIdle,
        downloading: () => hooks.downloading(this),
        groupUpdated: hooks.groupUpdated,
        purge: () => this.#purgeOnce(),
      },
    )
    hooks.opening(this)
    // After what `opening` does with the state, and before any session that waits for the core.
    this.core.ready().then(
      () => {
        this.#recovery = hooks.recovery(this.core)
      },
      () => {}, // each session of it rejects with the same error
    )
  }

  /** The key in hex, once the core has opened, if it has one. */
  get keyId(): string | null {
    return this.#keyId
  }

  /** Under which alias the storage has filed it, if it was made when it opened; `null` if it was stored before, or has no name. */
  get filedUnder(): Alias | null {
    return this.#filedUnder
  }

  /** The recovery of a core that may be older than its peers, until they have reported what is newer. */
  get recovery(): Recovery | null {
    return this.#recovery
  }

  /** Whether it may be announced to peers. */
  get active(): boolean {
    return this.#active
  }

  /** Whether it is opening or open, and not closing. */
  get isCurrent(): boolean {
    return this.#source.isCurrent(this)
  }

  /** From now on it may be announced to peers. */
  activate(): void {
    if (this.#active) return
    this.#active = true
    if (this.core.opened) this.#source.hooks.downloading(this)
  }

  /** Waits until it is open. */
  async opened(): Promise<void> {
    const { core } = this
    await core.ready()
    if (!this.#active) stopDownloading(core)
    if (core.key !== null) this.#keyId = b4a.toString(core.key, 'hex')
  }

  /** How much it is used without a lease: `'hard'` by sessions or writes, `'soft'` by peers only. */
  get usage(): 'hard' | 'soft' | 'no' {
    return usageOf(this.core)
  }

  /** Whether messages have arrived from peers since `noteMessages` was called. */
  get hasNewMessages(): boolean {
    return messagesTo(this.core) !== this.#messages
  }

  noteMessages(): void {
    this.#messages = messagesTo(this.core)
  }

  /** The sessions that stand for it in events and lists; `null` if there are none. */
  get standIn(): StandIn | null {
    return this.#standIn
  }

  newStandIn(): StandIn {
    this.#standIn = new StandIn(this.core)
    return this.#standIn
  }

  /** Removes the sessions that stand for it. */
  dropStandIn(): void {
    const standIn = this.#standIn
    this.#standIn = null
    standIn?.close()
  }

  /** All its sessions, whether or not a store of the family made them. */
  get sessions(): Session[] {
    const sessions = new Set<Session>()
    for (const { sessions: tracked } of this.#sessions) for (const session of tracked) sessions.add(session)
    for (const session of sessionsOf(this.core)) sessions.add(session)
    return [...sessions]
  }

  /** Called when a store has made its first session of it. */
  track(sessions: CoreSessions): void {
    this.#sessions.add(sessions)
  }

  /** Called when that store has no session of it any more. */
  untrack(sessions: CoreSessions): void {
    this.#sessions.delete(sessions)
  }

  /**
   * Runs `work`, which reads and writes records of the core, after all such work that began earlier has ended. The core stays open until
   * then.
   *
   * @returns `null` if the core closes before
   */
  async exclusively<T>(work: () => Promise<T>): Promise<T | null> {
    const begin = async () => (this.isCurrent ? work() : null)
    const turn = this.#work === null ? begin() : this.#work.then(begin, begin)
    this.#work = turn
    try {
      return await turn
    } finally {
      if (this.#work === turn) this.#work = null
    }
  }

  /** Settles when its sessions that are closing have closed, or its writes have ended; `null` if there is nothing to wait for. */
  ending(): Promise<unknown> | null {
    const open = this.sessions.filter(({ weak, closed }) => !weak && !closed)
    const closing = open.flatMap((session) => session.closing ?? [])
    if (closing.length > 0 && closing.length === open.length) return Promise.allSettled(closing)
    return isWriting(this.core) ? writeEnded(this.core) : null
  }

  /** Begins to close its sessions, which `close` then waits for. */
  endSessions(): void {
    // A session that could not be opened has nothing to close, and must not keep the core open.
    this.#sessionsEnd = Promise.allSettled(this.sessions.map((session) => session.close()))
  }

  /** Opens no exclusive session any more: sessions that wait for exclusive access fail with `error`. */
  endExclusives(error: Error): void {
    endExclusives(this.core, error)
  }

  /** Closes it once the work on it has ended. */
  async close(): Promise<void> {
    while (this.#work !== null) await this.#work.catch(() => {}) // the caller of `exclusively` gets the error
    this.#source.hooks.closing(this)
    await closeInOrder(closingSteps(this.core, this.#sessionsEnd))
  }

  /** Called by `purge` of any session. It runs once for all of them: a later call must not delete a core that was made in between. */
  #purgeOnce(): Promise<void> {
    if (this.#purge === null && !this.isCurrent) return Promise.reject(coreClosed(this.id))
    this.#purge ??= this.#source.hooks.purge(this)
    return this.#purge
  }
}

/** The sessions of one core that one store made. */
export interface CoreSessions {
  /** Hypercore adds and removes sessions, including those that are made from other sessions. */
  readonly sessions: Session[]
}
