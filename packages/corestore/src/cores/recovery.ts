// Cores that may be older than their peers: those of a copied store, and of one that was not closed before the machine stopped. Such a core
// asks its peers before it is written, because every peer closes a core that has two histories. Hypercore would wait forever for a peer.
// Here the wait is limited, and begins when the core is opened.

import { activeSession, DoubtfulCore, PeersWords } from '@coreyard/hypercore-port'
import type { Core } from '@coreyard/hypercore-types'
import type { StorageEngine } from '@coreyard/storage'
import { CorestoreError } from '../errors/errors.js'
import { type RecoveryOptions, readRecovery, type Waits } from '../options/recovery-options.js'

/** Milliseconds between two checks of the peers. */
const INTERVAL = 100

/** The cores of a store that are in doubt. */
export class Recoveries {
  readonly #waits: Waits | false
  readonly #continuity: StorageEngine['continuity']
  readonly #isConnected: () => boolean
  /** When cores stop waiting for the first connection of the store. */
  #aloneUntil = Number.NaN

  /**
   * Throws BAD_ARGUMENT.
   *
   * @param continuity says which cores are in doubt
   * @param isConnected whether the store has any connection
   */
  constructor(
    option: RecoveryOptions | false | undefined,
    continuity: StorageEngine['continuity'],
    isConnected: () => boolean,
  ) {
    this.#waits = readRecovery(option)
    this.#continuity = continuity
    this.#isConnected = isConnected
  }

  /** Called when the storage has opened and cores may be written. */
  async begin(): Promise<void> {
    await this.#continuity.begin()
    if (this.#waits === false) await this.#continuity.trust()
  }

  /** Returns the recovery of a core that has opened; `null` if it needs none. Synchronous, so that nothing is written before. */
  of(core: Core): Recovery | null {
    const doubtful = DoubtfulCore.of(core)
    if (doubtful === null) return null
    if (!doubtful.isHinted && (this.#waits === false || !this.#continuity.isInDoubt)) return null
    return new Recovery(doubtful, this.#doubtOf(doubtful, this.#waits))
  }

  /** How the core recovers; `null` if it is not in doubt. */
  async #doubtOf(core: DoubtfulCore, waits: Waits | false): Promise<Doubtful | null> {
    const { isHinted, pointer } = core
    if (waits === false) {
      await core.forgetHint()
      return null
    }
    const doubt = isHinted ? 'strict' : await this.#continuity.doubtOf(pointer)
    // A core without blocks may be new, or the original of this copy may have made it, too.
    const isNew = doubt === null && this.#continuity.isCopy && core.length === 0
    if (doubt === null && !isNew) return null
    return {
      waits,
      isOfCopy: doubt !== 'ask',
      mustKnow: doubt === 'strict' && waits.withoutPeers === 'fail',
      isConnected: this.#isConnected,
      aloneUntil: () => this.#firstConnectionBy(waits),
      settle: async () => {
        if (core.isHinted) await core.forgetHint()
        await this.#continuity.settle(pointer)
      },
    }
  }

  /** All cores share one wait for a connection, which begins with the first core that asks. */
  #firstConnectionBy({ timeout }: Waits): number {
    if (Number.isNaN(this.#aloneUntil)) this.#aloneUntil = Date.now() + timeout
    return this.#aloneUntil
  }
}

/** How a core recovers that is in doubt. */
interface Doubtful {
  readonly waits: Waits
  readonly isOfCopy: boolean
  /** Whether the core may be written only after a peer has reported what it has. */
  readonly mustKnow: boolean
  readonly isConnected: () => boolean
  /** Until when it waits if there is no connection. */
  readonly aloneUntil: () => number
  /** Stores that the core need not ask again. */
  readonly settle: () => Promise<void>
}

export class Recovery {
  readonly #core: DoubtfulCore
  readonly #doubt: Promise<Doubtful | null>
  readonly #words: PeersWords
  #asking: Promise<boolean> | null = null
  #isDone = false

  /** @param doubt known some time after the core has opened */
  constructor(core: DoubtfulCore, doubt: Promise<Doubtful | null>) {
    this.#core = core
    this.#doubt = doubt
    doubt.catch(() => {}) // the caller that waits for it gets the error
    this.#words = new PeersWords(core.core)
    core.hold(() => this.#beforeWrite())
  }

  /**
   * Waits for the peers' reports before a session that writes opens, because its caller relies on the length that it reads then. If the
   * store may not be a copy, it does not wait for a first connection.
   */
  async beforeOpening(): Promise<void> {
    const doubt = await this.#doubt
    if (doubt === null || this.#isDone) return
    if (doubt.isOfCopy || doubt.isConnected()) await this.#ask(doubt, doubt.aloneUntil())
  }

  async #beforeWrite(): Promise<void> {
    if (this.#isDone) return
    const { length, fork } = this.#core
    const doubt = await this.#doubt
    if (doubt === null) return
    const isKnown = await this.#ask(doubt, doubt.mustKnow ? Number.POSITIVE_INFINITY : doubt.aloneUntil())
    if (!isKnown) throw recovering(length)
    if (this.#core.length === length && this.#core.fork === fork) return
    throw new CorestoreError(
      'SESSION_NOT_WRITABLE',
      `The core has changed from ${length} blocks (fork ${fork}) to ${this.#core.length} blocks (fork ${this.#core.fork}), as it ` +
        'was written before on another copy, or before a power cut: look at the blocks, then write again',
    )
  }

  /** Whether the core may be written. Concurrent calls share the wait. */
  #ask(doubt: Doubtful, aloneUntil: number): Promise<boolean> {
    this.#asking ??= this.#askOnce(doubt, aloneUntil).finally(() => {
      this.#asking = null
    })
    return this.#asking
  }

  async #askOnce(doubt: Doubtful, aloneUntil: number): Promise<boolean> {
    const session = activeSession(this.#core.core)
    try {
      await session.ready()
      const isKnown = await this.#peersAreQuiet(doubt, aloneUntil)
      if (!isKnown && doubt.mustKnow) return false
      await doubt.settle()
      this.#isDone = true
      return true
    } finally {
      await session.close()
    }
  }

  /** Waits until peers have had nothing newer for a while (`true`), or nothing has arrived for too long (`false`). */
  async #peersAreQuiet({ waits, isConnected }: Doubtful, aloneUntil: number): Promise<boolean> {
    const { timeout, settle } = waits
    let [heard, length, fork] = [Date.now(), this.#core.length, this.#core.fork]
    let quiet: number | null = null
    while (this.#core.core.closing === null) {
      const now = Date.now()
      if (!this.#words.isSettled) quiet = null
      else quiet ??= now
      if (quiet !== null && now - quiet >= settle) return true
      const isMoving = this.#core.length !== length || this.#core.fork !== fork
      if (quiet !== null || isMoving) [heard, length, fork] = [now, this.#core.length, this.#core.fork]
      const isAlone = !isConnected() && now >= aloneUntil
      if (now - heard >= timeout || isAlone) return false
      await new Promise((resolve) => setTimeout(resolve, INTERVAL))
    }
    throw new CorestoreError(
      'SESSION_CLOSED',
      'The core was closed while it asked its peers for what is newer',
    )
  }
}

function recovering(length: number): CorestoreError {
  return new CorestoreError(
    'RECOVERING',
    `The store is a copy, and no peer that has the ${length} blocks of this core has said what the original has written since: connect ` +
      'to one and write again. If the original is gone and no peer has more, open the store with ' +
      'recovery: false, once',
  )
}
