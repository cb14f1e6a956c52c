// Peers on their way: streams whose handshake is not done. Hypercore's `update({ wait: true })` waits for a peer only if it knows that one
// may come, and cores are attached after the handshake.

import type { AttachableCore } from './attachment.js'

/** What of Hypercore's replicator is used here that its types do not have (11.39, lib/replicator.js, `attachTo`). */
interface Internals {
  /** How many peers may still open the core. */
  _ifAvailable: number
  /** Ends the updates that wait, if no peer may come. */
  _checkUpgradeIfAvailable(): void
}

/** The cores that wait for the peer of one stream. */
export class ExpectedPeer {
  readonly #cores: Internals[] = []

  /** Has updates of a core wait for the peer. */
  add({ replicator }: AttachableCore): void {
    const internals = replicator as unknown as Internals
    internals._ifAvailable++
    this.#cores.push(internals)
  }

  /** The peer is attached, or does not come. */
  end(): void {
    for (const core of this.#cores.splice(0)) {
      core._ifAvailable--
      core._checkUpgradeIfAvailable()
    }
  }
}
