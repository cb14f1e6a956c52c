// The cores of which a peer has proved a conflicting history, kept for inspectors: the event `conflict` reaches only current listeners.

import { type KnownCore, onConflict } from '@coreyard/hypercore-port'

/** A conflicting history of a core, which a peer has proved. */
export interface ConflictView {
  /** In blocks: the length that two histories were signed for. */
  readonly length: number
  readonly fork: number
  /** Milliseconds since 1970. */
  readonly time: number
}

/** How many conflicts are kept. The oldest is dropped first. */
const MOST = 1000

export class Conflicts {
  readonly #byCore = new Map<string, ConflictView>()

  /** By discovery key in hex, the newest last. */
  get byCore(): ReadonlyMap<string, ConflictView> {
    return this.#byCore
  }

  /** Records conflicts of a core that opens. */
  follow(id: string, core: KnownCore): void {
    onConflict(core, (length, fork) => {
      this.#byCore.delete(id)
      this.#byCore.set(id, { length, fork, time: Date.now() })
      const [oldest] = this.#byCore.keys()
      if (this.#byCore.size > MOST && oldest !== undefined) this.#byCore.delete(oldest)
    })
  }
}
