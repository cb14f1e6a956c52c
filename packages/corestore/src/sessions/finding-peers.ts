// `store.findingPeers`: while the app looks for peers, `update()` of the store's cores waits for them.

import type { Hypercore } from '@coreyard/hypercore-types'

export class FindingPeers {
  /** The number of look-ups for peers that have not ended. */
  #count = 0
  /** For each core, the function that ends its wait. */
  readonly #waiting = new Map<Hypercore<unknown>, () => void>()

  /** Begins a look-up, with these cores open already. Call the returned function when the look-up has ended. */
  begin(cores: Iterable<Hypercore<unknown>>): () => void {
    if (this.#count++ === 0) for (const core of cores) this.#letWait(core)
    let ended = false
    return () => {
      if (ended) return
      ended = true
      if (--this.#count === 0) this.end()
    }
  }

  /** Adds a core that was opened: it waits, too. */
  opened(core: Hypercore<unknown>): void {
    if (this.#count > 0) this.#letWait(core)
  }

  /** Ends the wait of all cores. */
  end(): void {
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const done of waiting) done()
  }

  #letWait(core: Hypercore<unknown>): void {
    const end = letWait(core)
    const forget = () => this.#waiting.delete(core)
    core.once('close', forget)
    this.#waiting.set(core, () => {
      core.off('close', forget)
      end()
    })
  }
}

/** Makes the `update()` of a core wait until the returned function is called. */
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
