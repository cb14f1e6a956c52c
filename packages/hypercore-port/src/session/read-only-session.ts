// The Hypercore sessions of a read-only store. Hypercore's option `writable: false` keeps them from appending, but not from clearing
// blocks, storing user data or making a writable session.

import type { CoreStorage, HypercoreOptions } from '@coreyard/hypercore-types'
import { KnownKeySession } from './known-key-session.js'

/** Options of Hypercore's `session` that its types leave out. */
interface DerivedOptions extends HypercoreOptions {
  class?: unknown
}

// Each of these methods writes, even on a session with `writable: false`.
const WRITES = {
  append: 'append blocks',
  truncate: 'truncate',
  clear: 'clear blocks',
  purge: 'purge the core',
  commit: 'commit a session',
  setUserData: 'set user data',
  setGroup: 'put the core into a group',
  startMarking: 'mark blocks',
  markBlock: 'mark blocks',
  clearMarkings: 'clear marks',
  sweep: 'sweep blocks',
  applyProof: 'store a proof',
  recover: 'recover',
  recoverFromRemoteProof: 'recover',
  compact: 'compact',
} as const

type SessionConstructor = new (storage: null, options: HypercoreOptions) => KnownKeySession

/**
 * Makes a class of sessions that cannot write. Sessions made from them cannot write either.
 *
 * @param refuse makes the error for a write; its argument says what the session cannot do
 */
export function readOnlySessions(refuse: (what: string) => Error): SessionConstructor {
  class ReadOnlySession extends KnownKeySession {
    /** Throws for options that write. */
    override session(options: DerivedOptions = {}): never {
      const { name, atom, overwrite, checkout, userData } = options
      if (atom || overwrite || userData || checkout !== undefined) {
        throw refuse('make a session that writes: leave out atom, overwrite, checkout and userData')
      }
      const own: DerivedOptions = {
        ...options,
        class: ReadOnlySession,
        writable: false,
        group: null,
        manifest: null,
      }
      if (name) own.preload = this.#drafted(name, options.preload)
      return super.session(own) as never
    }

    /** Hypercore would create a branch that is not stored yet. */
    async #drafted(name: string, preload: HypercoreOptions['preload']): Promise<Partial<HypercoreOptions>> {
      await this.ready()
      const stored: CoreStorage | null = (await this.state?.storage.resumeSession(name)) ?? null
      if (stored === null) throw refuse(`make the session named ${JSON.stringify(name)}, which is not stored`)
      await stored.close()
      return (await preload) ?? {}
    }
  }

  for (const [method, what] of Object.entries(WRITES)) {
    Object.defineProperty(ReadOnlySession.prototype, method, {
      configurable: true,
      writable: true,
      value: () => Promise.reject(refuse(what)),
    })
  }
  return ReadOnlySession
}
