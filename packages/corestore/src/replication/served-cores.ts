// The open cores that were handed to peers: which of them are in use, and which peers may not have heard of theirs yet. How many may be in
// use is the matter of passive-cores.ts.

import { hasHeard, type KnownCore } from '@coreyard/hypercore-port'
import type { Asker } from '@coreyard/replicator'
import type { Lease } from '@coreyard/sessions'
import type { ManagedCore } from '../cores/managed-core.js'
import type { Part } from './fair-parts.js'
import { PeerUse } from './peer-use.js'

/** Whom a core is opened for, and what attaches it there. */
export interface Ask {
  readonly asker: Asker | undefined
  readonly use: (core: KnownCore) => unknown
}

/** An open core that was handed to peers. */
interface Served {
  /** `null` if it is not in use, and open as long as the pool's LRU has it. */
  use: PeerUse | null
  /** The peers that it was handed to, as long as they may not have heard of it. */
  unheard: readonly Ask[]
}

export class ServedCores {
  readonly #byId = new Map<string, Served>()
  #inUse = 0

  /** How many of them are in use. */
  get inUse(): number {
    return this.#inUse
  }

  /** The use that peers make of a core; `null` if it is not in use. */
  use(id: string): PeerUse | null {
    return this.#byId.get(id)?.use ?? null
  }

  /** A core is in use from now on, and counts for a peer. */
  begin(lease: Lease<ManagedCore>, part: Part): PeerUse {
    const use = new PeerUse(lease, part, Date.now())
    this.#served(use.id).use = use
    part.held.add(use)
    this.#inUse++
    return use
  }

  /** A core is no longer in use. @returns the part that it counted for; `null` if it was not in use */
  end(id: string): Part | null {
    const served = this.#byId.get(id)
    const use = served?.use ?? null
    if (served === undefined || use === null) return null
    served.use = null
    use.part.held.delete(use)
    this.#inUse--
    this.#tidy(id, served)
    use.lease.release()
    return use.part
  }

  /** Hands an open core to peers. */
  hand({ id, core }: ManagedCore, asks: readonly Ask[]): void {
    const served = this.#served(id)
    for (const { use } of asks) {
      const using = use(core)
      if (using instanceof Promise) served.use?.awaits(using)
    }
    served.unheard = [...served.unheard, ...asks]
    this.#tidy(id, served)
  }

  /** A core closes. @returns the peers that may not have heard of it */
  closing(id: string): readonly Ask[] {
    const served = this.#byId.get(id)
    if (served === undefined) return []
    const { unheard } = served
    served.unheard = []
    this.#tidy(id, served)
    return unheard
  }

  /** Looks what peers have done since the last time. @returns those that have ended */
  review(now: number): PeerUse[] {
    const ended: PeerUse[] = []
    for (const [id, served] of this.#byId) {
      const { use } = served
      if (use === null) continue
      if (use.hasEnded(now)) ended.push(use)
      use.lease.resource.noteMessages()
      served.unheard = stillUnheard(use.lease.resource, served.unheard)
      this.#tidy(id, served)
    }
    return ended
  }

  /** Lets go of all of them. */
  clear(): void {
    for (const id of [...this.#byId.keys()]) this.end(id)
    this.#byId.clear()
  }

  #served(id: string): Served {
    let served = this.#byId.get(id)
    if (served === undefined) {
      served = { use: null, unheard: [] }
      this.#byId.set(id, served)
    }
    return served
  }

  #tidy(id: string, served: Served): void {
    if (served.use === null && served.unheard.length === 0) this.#byId.delete(id)
  }
}

function stillUnheard({ core }: ManagedCore, asks: readonly Ask[]): readonly Ask[] {
  if (asks.length === 0) return asks
  return asks.filter(({ asker }) => asker?.closed !== true && !hasHeard(core, asker?.publicKey ?? null))
}
