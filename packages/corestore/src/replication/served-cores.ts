// The open cores that were passed to peers: which of them are in use, and which peers may not have heard of theirs yet. passive-cores.ts
// decides how many may be in use.

import { hasHeard, type KnownCore } from '@coreyard/hypercore-port'
import type { Asker } from '@coreyard/replicator'
import type { Lease } from '@coreyard/sessions'
import type { ManagedCore } from '../cores/managed-core.js'
import type { Part } from './fair-parts.js'
import { PeerUse } from './peer-use.js'

/** The peer that a core is opened for, and the function that attaches it. */
export interface Ask {
  readonly asker: Asker | undefined
  readonly use: (core: KnownCore) => unknown
}

/** An open core that was passed to peers. */
interface Served {
  /** `null` if it is not in use: then it stays open as long as it is in the pool's LRU. */
  use: PeerUse | null
  /** The peers that it was passed to, as long as they may not have heard of it. */
  unheard: readonly Ask[]
}

export class ServedCores {
  readonly #byId = new Map<string, Served>()
  #inUse = 0

  /** How many of them are in use. */
  get inUse(): number {
    return this.#inUse
  }

  /** The use of a core by peers; `null` if it is not in use. */
  use(id: string): PeerUse | null {
    return this.#byId.get(id)?.use ?? null
  }

  /** Marks a core as in use; it counts toward the share of a peer. */
  begin(lease: Lease<ManagedCore>, part: Part): PeerUse {
    const use = new PeerUse(lease, part, Date.now())
    this.#served(use.id).use = use
    part.held.add(use)
    this.#inUse++
    return use
  }

  /** Marks a core as no longer in use. @returns the part that it counted toward; `null` if it was not in use */
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

  /** Passes an open core to peers. */
  hand({ id, core }: ManagedCore, asks: readonly Ask[]): void {
    const served = this.#served(id)
    for (const { use } of asks) {
      const using = use(core)
      if (using instanceof Promise) served.use?.awaits(using)
    }
    served.unheard = [...served.unheard, ...asks]
    this.#tidy(id, served)
  }

  /** Removes a core that closes. @returns the peers that may not have heard of it */
  closing(id: string): readonly Ask[] {
    const served = this.#byId.get(id)
    if (served === undefined) return []
    const { unheard } = served
    served.unheard = []
    this.#tidy(id, served)
    return unheard
  }

  /** Checks what peers have done since the last call. @returns the uses that have ended */
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

  /** Releases all cores. */
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
