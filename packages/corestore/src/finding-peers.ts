// `store.findingPeers`: while somebody looks for peers, `update()` of the store's cores waits for them.

import type { Hypercore } from '@coreyard/hypercore-types'

export class FindingPeers {
  /** How many look-ups for peers are under way. */
  #count = 0
  /** What ends the waiting of each core. */
  readonly #waiting: (() => void)[] = []

  /** A look-up begins, with these cores there already; call what it returns when it has ended. */
  begin(cores: Iterable<Hypercore<unknown>>): () => void {
    if (this.#count++ === 0) for (const core of cores) this.#waiting.push(core.findingPeers())
    let ended = false
    return () => {
      if (ended) return
      ended = true
      if (--this.#count === 0) this.end()
    }
  }

  /** A core was opened: it waits, too. */
  opened(core: Hypercore<unknown>): void {
    if (this.#count > 0) this.#waiting.push(core.findingPeers())
  }

  /** No core waits any longer. */
  end(): void {
    for (const done of this.#waiting.splice(0)) done()
  }
}
