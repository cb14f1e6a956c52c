// A source of plain Hypercores for a replicator without a store.

import { onDownloading } from '@coreyard/hypercore-port/replication'
import type { Core, Hypercore } from '@coreyard/hypercore-types'
import { keyId } from './key-id.js'
import type { CoreSource, ReplicableCore, Replicator } from './replicator.js'

/** A Hypercore that has opened. */
type OpenCore = Core & ReplicableCore

/**
 * A source of cores for a replicator that is used without a store. `add` adds a core; `delete` removes it, and so does closing the core.
 * The source does not close the cores.
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
   * @throws ReplicatorError `REPLICATOR_IN_USE` if the replicator already has a source of cores
   */
  constructor(replicator: Replicator) {
    this.#replicator = replicator
    replicator.start(this)
  }

  /** The number of cores. */
  get size(): number {
    return this.#cores.size
  }

  /**
   * Starts to replicate a core: offers it if it downloads (an active session does), and serves it to peers that request it. Resolves when
   * the core has opened, and rejects if it cannot be opened. Adding a second session of the same core has no effect.
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
   * Stops offering and serving a core. It stays attached to its current streams, until the stream or the core closes.
   *
   * @returns whether the source had the core
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
