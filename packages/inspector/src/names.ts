// The names of open cores. Only the storage knows them: each is read once.

import type { Corestore, StoreView } from '@coreyard/corestore'
import type { Alias } from '@coreyard/hypercore-types'
import b4a from 'b4a'

export interface Name {
  readonly name: string | null
  readonly nameIsHex: boolean
  readonly namespace: string | null
}

export const NAMELESS: Name = { name: null, nameIsHex: false, namespace: null }

/** How many names are looked up at once. */
const BATCH_SIZE = 512

export function toName(view: StoreView, alias: Alias | null): Name {
  if (alias === null) return NAMELESS
  const { name, namespace } = view.nameOf(alias)
  const nameIsHex = typeof name !== 'string'
  return {
    name: nameIsHex ? b4a.toString(name, 'hex') : name,
    nameIsHex,
    namespace: b4a.toString(namespace, 'hex'),
  }
}

/** Remembers the names of cores, by discovery key in hex. */
export class Names {
  readonly #known = new Map<string, Name>()

  get(id: string): Name {
    return this.#known.get(id) ?? NAMELESS
  }

  /** Looks up the names that are not known yet. A suspended storage cannot be read: its new cores have no name until it resumes. */
  async learn(store: Corestore, view: StoreView, ids: Iterable<string>): Promise<void> {
    const unknown = [...ids].filter((id) => !this.#known.has(id))
    for (let start = 0; start < unknown.length; start += BATCH_SIZE) {
      if (view.suspended) return
      const batch = unknown.slice(start, start + BATCH_SIZE)
      const keys = batch.map((id) => b4a.from(id, 'hex'))
      const infos = await store.storage.getInfos(keys, { auth: false, head: false, hints: false })
      for (const [index, id] of batch.entries()) {
        const info = infos[index]
        // A core that is being created has no record yet, and is looked up again.
        if (info) this.#known.set(id, toName(view, info.core.alias))
      }
    }
  }

  forget(id: string): void {
    this.#known.delete(id)
  }
}
