// The sessions that stand for a core in events and lists: weak ones, which keep no core open and close with it.

import { type KnownCore, weakSession } from '@coreyard/hypercore-port'
import type { Hypercore as HypercoreSession } from '@coreyard/hypercore-types'
import { ReadOnlySession } from './read-only-session.js'

export class StandIn {
  readonly session: HypercoreSession
  /** Whether a user has one of its sessions. */
  isShown = false
  readonly #core: KnownCore
  /** The one that read-only stores give out. */
  #readOnly: HypercoreSession | null = null

  constructor(core: KnownCore) {
    this.#core = core
    this.session = weakSession(core)
  }

  /** Whether it stands for the core: it no longer does when a user has closed its session before the core closes. */
  get isValid(): boolean {
    return this.#isValid(this.session)
  }

  /** What stands for the core in a store: in a read-only one, a session that does not write either. */
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
      session?.close().catch(() => {}) // it could not be opened, or its core fails as well
    }
  }

  #isValid(session: HypercoreSession): boolean {
    return session.closing === null || this.#core.closing !== null
  }
}
