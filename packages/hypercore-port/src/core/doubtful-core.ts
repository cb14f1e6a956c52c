// An open core that must not be written before its peers were asked for newer blocks. Hypercore stores a hint for that with the core
// (`header.hints.recovering`) and waits in `SessionState.waitForRecovery`, without a limit. Here the caller waits instead.
//
// Hypercore has no hook before a write, so the writing methods of the core's state are replaced on the instance.

import type { Core, SessionState } from '@coreyard/hypercore-types'

/** Members of Hypercore 11.39 that are called or set here (lib/core.js). */
interface CoreInternals {
  hintsChanged: boolean
  flushHints(): Promise<void>
}

type Write = (...args: unknown[]) => Promise<unknown>

/** Methods of Hypercore 11.39 that are replaced here (lib/session-state.js). */
interface StateInternals {
  append: Write
  commit: Write
  truncate(length: number, fork: number, signing?: Signing): Promise<void>
  waitForRecovery(session: unknown, writable: boolean, options?: object): Promise<void>
  createSession(name: string | null, overwrite: boolean, atom: object | null): Promise<SessionState>
}

interface Signing {
  readonly keyPair?: object | null
  readonly signature?: Uint8Array | null
}

export class DoubtfulCore {
  readonly core: Core
  readonly #state: SessionState

  private constructor(core: Core, state: SessionState) {
    this.core = core
    this.#state = state
  }

  /** `null` if the core is not open. */
  static of(core: Core): DoubtfulCore | null {
    const { state, header } = core
    return state === null || header === null ? null : new DoubtfulCore(core, state)
  }

  /** Whether Hypercore's hint `recovering` is stored with the core. */
  get isHinted(): boolean {
    return Boolean(this.core.header?.hints.recovering)
  }

  /** The number of its records in the storage. */
  get pointer(): number {
    return this.#state.storage.core.corePointer
  }

  /** In blocks. */
  get length(): number {
    return this.#state.length
  }

  get fork(): number {
    return this.#state.fork
  }

  /** Makes each write that signs wait for `beforeWrite`, including those of atomic sessions, which have their own states. */
  hold(beforeWrite: () => Promise<void>): void {
    this.#hold(this.#state, beforeWrite)
  }

  /** Removes the hint. */
  async forgetHint(): Promise<void> {
    const internals = this.core as Core & CoreInternals
    if (!this.core.header) return
    this.core.header.hints.recovering = 0
    internals.hintsChanged = true
    await this.#state.mutex.lock()
    try {
      await internals.flushHints()
    } finally {
      this.#state.mutex.unlock()
    }
  }

  #hold(state: SessionState, beforeWrite: () => Promise<void>): void {
    const internals = state as SessionState & StateInternals
    const { append, commit, truncate, waitForRecovery, createSession } = internals
    internals.append = async (...args) => {
      await beforeWrite()
      return append.apply(state, args)
    }
    internals.commit = async (...args) => {
      await beforeWrite()
      return commit.apply(state, args)
    }
    internals.truncate = async (length, fork, signing = {}) => {
      const isSigned = Boolean(signing.keyPair ?? signing.signature ?? this.core.header?.keyPair)
      if (isSigned) await beforeWrite()
      await truncate.call(state, length, fork, signing)
    }
    // With a session, it is a `core.recover()` of the user, which has its own options.
    internals.waitForRecovery = async (session, writable, options) => {
      if (session !== null) await waitForRecovery.call(state, session, writable, options)
    }
    internals.createSession = async (name, overwrite, atom) => {
      const made = await createSession.call(state, name, overwrite, atom)
      if (atom) this.#hold(made, beforeWrite)
      return made
    }
  }
}
