// A core of a copied store may be older than what the original has told its peers. Before it is written, its peers are asked for what
// is newer: two histories of one core would end it on every peer. Hypercore keeps the hint `recovering` with such a core and waits in
// `SessionState.waitForRecovery`, without an end where no peer comes. Here the wait has one, and begins when the core is opened.

import type { Core, SessionState } from '@coreyard/hypercore-types'
import Hypercore from 'hypercore'
import { badArgument, CorestoreError, describe } from './errors.js'

/** How cores of a copied store are opened and written. */
export interface RecoveryOptions {
  /** Milliseconds without a peer, or without an answer of one, after which the wait ends. Default: 3000. */
  timeout?: number | undefined
  /** Milliseconds for which the peers must have had nothing newer. Default: 1000. */
  settle?: number | undefined
  /**
   * What an append or a truncation does if no peer has answered: `'fail'` rejects with `RECOVERING`, `'append'` writes as if there were
   * nothing newer. Default: `'fail'`.
   */
  withoutPeers?: 'fail' | 'append' | undefined
}

export type Recoveries = Required<RecoveryOptions> | false

/** Milliseconds between two looks at the peers. */
const INTERVAL = 100

/** Hypercore 11.39, as far as it is replaced or called here. */
interface Internals {
  readonly closing: Promise<void> | null
  hintsChanged: boolean
  flushHints(): Promise<void>
}
interface StateInternals {
  waitForRecovery(session: unknown, writable: boolean, options?: object): Promise<void>
  truncate(length: number, fork: number, signing?: Signing): Promise<void>
  createSession(name: string | null, overwrite: boolean, atom: object | null): Promise<SessionState>
}
interface Signing {
  readonly keyPair?: object | null
  readonly signature?: Uint8Array | null
}
interface PeerInternals {
  readonly remoteFork: number
  readonly remoteLength: number
  readonly remoteSynced: boolean
}

/** Checks the store's option. @throws CorestoreError `BAD_ARGUMENT` */
export function readRecovery(option: RecoveryOptions | false | undefined): Recoveries {
  if (option === false) return false
  if (option !== undefined && (typeof option !== 'object' || option === null)) {
    throw badArgument(`recovery must be false or an object, not ${describe(option)}`)
  }
  const { timeout = 3000, settle = 1000, withoutPeers = 'fail' } = option ?? {}
  for (const [name, value] of Object.entries({ timeout, settle })) {
    if (typeof value === 'number' && value >= 0) continue
    throw badArgument(`recovery.${name} must be milliseconds from 0, or Infinity, not ${describe(value)}`)
  }
  if (withoutPeers !== 'fail' && withoutPeers !== 'append') {
    throw badArgument(`recovery.withoutPeers must be 'fail' or 'append', not ${describe(withoutPeers)}`)
  }
  return { timeout, settle, withoutPeers }
}

/** The recovery of an open core; `null` if it needs none. */
export async function recoveryOf(core: Core, options: Recoveries): Promise<Recovery | null> {
  const { state, header } = core
  if (state === null || !header?.hints.recovering) return null
  if (options !== false) return new Recovery(core, state, options)
  await forgetHint(core, state)
  return null
}

export class Recovery {
  readonly #core: Core & Internals
  readonly #state: SessionState
  readonly #options: Required<RecoveryOptions>
  #asking: Promise<boolean> | null = null
  #isDone = false

  constructor(core: Core, state: SessionState, options: Required<RecoveryOptions>) {
    this.#core = core as Core & Internals
    this.#state = state
    this.#options = options
    this.#hold(state)
  }

  /** Makes what is written through this state wait; also what is written atomically, which has states of its own. */
  #hold(state: SessionState): void {
    const internals = state as SessionState & StateInternals
    const { waitForRecovery, truncate, createSession } = internals
    internals.waitForRecovery = (session, writable, options) =>
      // With a session it is the user's `core.recover()`, which has options of its own.
      session === null ? this.#beforeWrite() : waitForRecovery.call(state, session, writable, options)
    // Hypercore waits before it appends and commits. A truncation is signed like them.
    internals.truncate = async (length, fork, signing = {}) => {
      const { header } = this.#core
      const isSigned = Boolean(signing.keyPair ?? signing.signature ?? header?.keyPair)
      if (isSigned && header?.hints.recovering) await this.#beforeWrite()
      await truncate.call(state, length, fork, signing)
    }
    internals.createSession = async (name, overwrite, atom) => {
      const made = await createSession.call(state, name, overwrite, atom)
      if (atom) this.#hold(made)
      return made
    }
  }

  /** Waits for what peers have, before a session opens: the caller builds on the length that it reads then. */
  async beforeOpening(): Promise<void> {
    if (!this.#isDone && this.#core.header?.hints.recovering) await this.#ask()
  }

  async #beforeWrite(): Promise<void> {
    const { length, fork } = this.#state
    if (!(await this.#ask())) throw recovering()
    if (this.#state.length === length && this.#state.fork === fork) return
    throw new CorestoreError(
      'SESSION_NOT_WRITABLE',
      `The core has changed from ${length} blocks (fork ${fork}) to ${this.#state.length} blocks (fork ${this.#state.fork}), as the ` +
        'original of this copy had written it: look at the blocks, then write again',
    )
  }

  /** Whether the core may be written. Calls at one time share the wait. */
  #ask(): Promise<boolean> {
    this.#asking ??= this.#askOnce().finally(() => {
      this.#asking = null
    })
    return this.#asking
  }

  async #askOnce(): Promise<boolean> {
    // A session that is active makes Hypercore look for what peers have.
    const session = new Hypercore(null, { core: this.#core, active: true })
    try {
      await session.ready()
      const isKnown = await this.#peersAreQuiet()
      if (!isKnown && this.#options.withoutPeers === 'fail') return false
      await forgetHint(this.#core, this.#state)
      this.#isDone = true
      return true
    } finally {
      await session.close()
    }
  }

  /** Waits until peers have had nothing newer for a while, or nothing has come for too long. @returns which it was */
  async #peersAreQuiet(): Promise<boolean> {
    const { timeout, settle } = this.#options
    let [heard, length, fork] = [Date.now(), this.#state.length, this.#state.fork]
    let quiet: number | null = null
    while (this.#core.closing === null) {
      const now = Date.now()
      if (this.#hasAll()) quiet ??= now
      else quiet = null
      if (quiet !== null && now - quiet >= settle) return true
      const isMoving = this.#state.length !== length || this.#state.fork !== fork
      if (quiet !== null || isMoving) [heard, length, fork] = [now, this.#state.length, this.#state.fork]
      if (now - heard >= timeout) return false
      await new Promise((resolve) => setTimeout(resolve, INTERVAL))
    }
    throw new CorestoreError(
      'SESSION_CLOSED',
      'The core was closed while it asked its peers for what is newer',
    )
  }

  /** Whether there are peers, and none of them says that it has more. */
  #hasAll(): boolean {
    const peers = this.#core.replicator.peers as readonly unknown[] as readonly PeerInternals[]
    const { fork, length } = this.#state
    const hasMore = ({ remoteFork, remoteLength }: PeerInternals) =>
      remoteFork === fork ? remoteLength > length : remoteFork > fork
    return peers.length > 0 && peers.every((peer) => peer.remoteSynced && !hasMore(peer))
  }
}

async function forgetHint(core: Core, state: SessionState): Promise<void> {
  const internals = core as Core & Internals
  if (!core.header) return
  core.header.hints.recovering = 0
  internals.hintsChanged = true
  await state.mutex.lock()
  try {
    await internals.flushHints()
  } finally {
    state.mutex.unlock()
  }
}

function recovering(): CorestoreError {
  return new CorestoreError(
    'RECOVERING',
    'The store is a copy, and no peer has said what the original has written since: connect to a peer that has the core and write ' +
      "again. If the original is gone and no peer has more, open the store with recovery: { withoutPeers: 'append' }",
  )
}
