// What Coreyard, Corestore 6 and Corestore 7 have in common: the same calls, and the same awaits.

import type { Hypercore, NoiseSecretStream, ReplicationStream } from '@coreyard/hypercore-types'
import type { Store } from './contestant.js'

/** A store of Coreyard, Corestore 6 or Corestore 7. */
interface Facade {
  ready(): Promise<void>
  /** Without an encoding, blocks are bytes; Coreyard's types say more than this one can repeat. */
  get(core: { name: string } | { key: Uint8Array }): Hypercore<unknown>
  replicate(target: boolean | NoiseSecretStream): ReplicationStream
  close(): Promise<void>
}

/** What only some of them can do. */
interface Listings {
  list?(): AsyncIterable<Uint8Array>
  stored?(): AsyncIterable<unknown>
  watched?(): AsyncIterable<unknown>
}

/** The store of a facade, when it is open. */
export async function openFacade(facade: Facade, { list, stored, watched }: Listings = {}): Promise<Store> {
  await facade.ready()
  return {
    async named(name) {
      const core = facade.get({ name })
      await core.ready()
      return core as Hypercore
    },
    async byKey(key) {
      const core = facade.get({ key })
      await core.ready()
      return core as Hypercore
    },
    replicate: (target) => facade.replicate(target),
    list: () => list?.() ?? null,
    stored: () => stored?.() ?? null,
    watched: () => watched?.() ?? null,
    close: () => facade.close(),
  }
}
