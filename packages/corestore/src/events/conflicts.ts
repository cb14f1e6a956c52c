// The cores of which a peer has proved another history, for whoever looks. The event `conflict` tells of them only while somebody listens.

import { type KnownCore, onConflict } from '@coreyard/hypercore-port'

/** The other history of a core. */
export interface ConflictView {
  /** In blocks: the length that two histories were signed for. */
  readonly length: number
  readonly fork: number
  /** Milliseconds since 1970. */
  readonly time: number
}

/** How many are kept. The oldest is forgotten. */
const MOST = 1000

export class Conflicts {
  readonly #byCore = new Map<string, ConflictView>()

  /** By discovery key in hex, the newest one last. */
  get byCore(): ReadonlyMap<string, ConflictView> {
    return this.#byCore
  }

  /** Remembers the conflict of a core that opens, should there be one. */
  follow(id: string, core: KnownCore): void {
    onConflict(core, (length, fork) => {
      this.#byCore.delete(id)
      this.#byCore.set(id, { length, fork, time: Date.now() })
      const [oldest] = this.#byCore.keys()
      if (this.#byCore.size > MOST && oldest !== undefined) this.#byCore.delete(oldest)
    })
  }
}
