// `store.findingPeers`: while the app looks for peers, `update()` of the store's cores waits for them.

import type { Hypercore } from '@coreyard/hypercore-types'

export class FindingPeers {
  /** How many look-ups for peers are under way. */
  #count = 0
  /** What ends the waiting of each core, until it closes. */
  readonly #waiting = new Map<Hypercore<unknown>, () => void>()

  /** A look-up begins, with these cores there already; call what it returns when it has ended. */
  begin(cores: Iterable<Hypercore<unknown>>): () => void {
    if (this.#count++ === 0) for (const core of cores) this.#letWait(core)
    let ended = false
    return () => {
      if (ended) return
      ended = true
      if (--this.#count === 0) this.end()
    }
  }

  /** A core was opened: it waits, too. */
  opened(core: Hypercore<unknown>): void {
    if (this.#count > 0) this.#letWait(core)
  }

  /** No core waits any longer. */
  end(): void {
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const done of waiting) done()
  }

  #letWait(core: Hypercore<unknown>): void {
    this.#waiting.set(core, letWait(core))
    core.once('close', () => this.#waiting.delete(core))
  }
}

/** Lets the `update()` of a core wait until what this returns is called. */
function letWait(core: Hypercore<unknown>): () => void {
  if (core.core !== null && core.closing === null) return core.findingPeers()
  // Of a session without a core, or one that closes, Hypercore takes back from the core what it never counted there.
  let end = () => {
    ended = true
  }
  let ended = false
  core.ready().then(
    () => {
      if (!ended && core.closing === null) end = core.findingPeers()
    },
    () => {},
  )
  return () => end()
}
