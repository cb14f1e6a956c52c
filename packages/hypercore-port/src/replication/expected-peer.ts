// Expected peers: streams whose handshake is not done. Hypercore's `update({ wait: true })` waits for a peer only if it knows that one
// may come, and cores are attached after the handshake.

import type { AttachableCore } from './attachment.js'

/** The members of Hypercore's replicator that are used here and that its types lack (11.39, lib/replicator.js, `attachTo`). */
interface Internals {
  /** How many peers may still open the core. */
  _ifAvailable: number
  /** Ends the waiting updates, if no peer is expected. */
  _checkUpgradeIfAvailable(): void
}

/** The cores that wait for the peer of one stream. */
export class ExpectedPeer {
  readonly #cores: Internals[] = []

  /** Makes `update` of a core wait for the peer. */
  add({ replicator }: AttachableCore): void {
    const internals = replicator as unknown as Internals
    internals._ifAvailable++
    this.#cores.push(internals)
  }

  /** Call it when the peer is attached, or will not come. */
  end(): void {
    for (const core of this.#cores.splice(0)) {
      core._ifAvailable--
      core._checkUpgradeIfAvailable()
    }
  }
}
