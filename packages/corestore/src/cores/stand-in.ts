// The sessions that stand for a core in events and lists. They are weak: they do not keep the core open, and close with it.

import { type KnownCore, weakSession } from '@coreyard/hypercore-port'
import type { Hypercore as HypercoreSession } from '@coreyard/hypercore-types'
import { ReadOnlySession } from './read-only-session.js'

export class StandIn {
  readonly session: HypercoreSession
  /** Whether a user has one of its sessions. */
  isShown = false
  readonly #core: KnownCore
  /** The session that read-only stores pass to users. */
  #readOnly: HypercoreSession | null = null

  constructor(core: KnownCore) {
    this.#core = core
    this.session = weakSession(core)
  }

  /** Whether it stands for the core: it no longer does when a user has closed its session before the core closes. */
  get isValid(): boolean {
    return this.#isValid(this.session)
  }

  /** Returns the session that stands for the core in a store. In a read-only store, the session is read-only, too. */
  sessionFor({ readOnly }: { readonly readOnly: boolean }): HypercoreSession {
    if (!readOnly) return this.session
    if (this.#readOnly === null || !this.#isValid(this.#readOnly)) {
      const options = { core: this.#core, weak: true, active: false, writable: false }
      this.#readOnly = new ReadOnlySession(null, options) as HypercoreSession
    }
    return this.#readOnly
  }

  /** Closes its sessions. */
  close(): void {
    for (const session of [this.session, this.#readOnly]) {
      session?.close().catch(() => {}) // it could not be opened, or its core fails with the same error
    }
  }

  #isValid(session: HypercoreSession): boolean {
    return session.closing === null || this.#core.closing !== null
  }
}
