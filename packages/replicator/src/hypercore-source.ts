// Plain Hypercores for a replicator, without a store: those that were added, and no others.

import { onDownloading } from '@coreyard/hypercore-port/replication'
import type { Core, Hypercore } from '@coreyard/hypercore-types'
import { keyId } from './key-id.js'
import type { CoreSource, ReplicableCore, Replicator } from './replicator.js'

/** A Hypercore that has opened. */
type OpenCore = Core & ReplicableCore

/**
 * The cores of a replicator that no store has. Cores join with `add`, and leave with `delete` or when they close. Whoever made a core
 * closes it.
 *
 * ```ts
 * import { AllToAllReplicator, HypercoreSource } from '@coreyard/replicator'
 * import Hypercore from 'hypercore'
 *
 * const replicator = new AllToAllReplicator()
 * const cores = new HypercoreSource(replicator)
 * await cores.add(new Hypercore('./one'))
 * await cores.add(new Hypercore('./another'))
 *
 * const stream = replicator.replicate(true)
 * ```
 */
export class HypercoreSource implements CoreSource {
  readonly #replicator: Replicator
  readonly #cores = new Map<string, OpenCore>()

  /**
   * Starts the replicator.
   *
   * @throws ReplicatorError `REPLICATOR_IN_USE` if it has cores already
   */
  constructor(replicator: Replicator) {
    this.#replicator = replicator
    replicator.start(this)
  }

  /** How many cores there are. */
  get size(): number {
    return this.#cores.size
  }

  /**
   * Replicates a core from now on: offers it if it downloads (an active session does), and serves it to peers that ask. Resolves when
   * the core has opened, and rejects if it does not. Sessions of the same core count once.
   */
  async add(session: Hypercore<unknown>): Promise<void> {
    await session.ready()
    const { core } = session
    if (!isOpen(core)) throw new Error('The core has closed: add it while it is open')
    const id = keyId(core.discoveryKey)
    if (this.#cores.get(id) === core) return
    this.#cores.set(id, core)
    onDownloading(core, () => this.#replicator.offer(core))
    this.#replicator.offer(core)
  }

  /**
   * Offers and serves a core no more. Peers that have it keep it until their streams or the core close.
   *
   * @returns whether it was there
   */
  delete({ discoveryKey }: Pick<Hypercore<unknown>, 'discoveryKey'>): boolean {
    if (discoveryKey === null) return false
    const core = this.#cores.get(keyId(discoveryKey))
    if (core === undefined) return false
    onDownloading(core, null)
    return this.#cores.delete(keyId(discoveryKey))
  }

  *openCores(): Generator<ReplicableCore> {
    for (const core of this.#cores.values()) {
      if (isOpen(core)) yield core
      else this.delete(core)
    }
  }

  async withStored(discoveryKey: Uint8Array, use: (core: ReplicableCore) => void): Promise<boolean> {
    const core = this.#cores.get(keyId(discoveryKey))
    if (core === undefined) return false
    if (!isOpen(core)) {
      this.delete(core)
      return false
    }
    use(core)
    return true
  }
}

function isOpen(core: Core | null): core is OpenCore {
  return core?.opened === true && core.closing === null && core.discoveryKey !== null
}
